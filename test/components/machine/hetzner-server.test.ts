import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { HetznerServer } from "../../../components/machine/hetzner-server.ts";
import { hetznerMachine } from "../../../components/machine/hetzner-server.plan.ts";
import { recordProgram, type RecordedResource } from "../../support/recorded-program.ts";
import { PUBLIC_KEY, rentedSite } from "../../support/rented-site.ts";
import { CANARY, holdsSecret, namedBy } from "../../support/stack-program.ts";

let resources: RecordedResource[] = [];
const named = (name: string): RecordedResource => {
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`no resource "${name}"`);
  return found;
};

beforeAll(async () => {
  const machine = hetznerMachine(rentedSite, [], "hs");
  if (!machine) throw new Error("the site rents no machine");
  resources = await recordProgram("vps", {}, () => {
    new HetznerServer("box", {
      sdk: hcloud,
      machine: { ...machine, sshKeys: { laptop: PUBLIC_KEY, phone: PUBLIC_KEY } },
      token: pulumi.secret(`${CANARY}-token`),
      meshClient: "client@sha256:0",
    });
  });
});

describe("HetznerServer", () => {
  it("makes a server, its firewall, a key for each person and two names, and nothing else", () => {
    expect(resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "hcloud:index/firewall:Firewall box-firewall",
      "hcloud:index/rdns:Rdns box-rdns-v4",
      "hcloud:index/rdns:Rdns box-rdns-v6",
      "hcloud:index/server:Server box-server",
      "hcloud:index/sshKey:SshKey box-ssh-key-laptop",
      "hcloud:index/sshKey:SshKey box-ssh-key-phone",
      "homelab:machine:HetznerServer box",
      "pulumi:providers:hcloud box-hcloud",
      "pulumi:pulumi:Stack homelab-vps",
    ]);
  });

  it("protects the server here and at the provider", () => {
    expect(named("box-server").protect).toBe(true);
    expect(named("box-server").inputs).toMatchObject({
      deleteProtection: true,
      rebuildProtection: true,
    });
  });

  it("protects what the server cannot be without, but lets a person's key go", () => {
    const kept = resources.filter(({ protect }) => protect).map(({ name }) => name);
    expect(kept.sort()).toEqual(["box-firewall", "box-rdns-v4", "box-rdns-v6", "box-server"]);
  });

  it("has the server come up behind its firewall, with its keys", () => {
    const needed = named("box-server").dependencies.map(namedBy);
    expect(needed).toContain("hcloud:index/firewall:Firewall box-firewall");
    expect(needed).toContain("hcloud:index/sshKey:SshKey box-ssh-key-phone");
    expect(named("box-server").inputs["sshKeys"]).toEqual([
      "box-ssh-key-laptop-id",
      "box-ssh-key-phone-id",
    ]);
  });

  it("gives the token to the provider alone, as a secret", () => {
    const holders = resources.filter(({ inputs }) => holdsSecret(inputs));
    expect(holders.map(({ name }) => name)).toEqual(["box-hcloud"]);
    expect(named("box-hcloud").secretInputs).toContain("token");
  });

  it("reaches the provider through its own token and no default", () => {
    for (const { type, provider, name } of resources) {
      if (type.startsWith("hcloud:")) expect(provider, name).toContain("box-hcloud");
    }
  });

  it("lets both addresses lead back to one name", () => {
    for (const family of ["v4", "v6"]) {
      expect(named(`box-rdns-${family}`).inputs["dnsPtr"]).toBe(`vps.${rentedSite.domain}`);
    }
  });
});
