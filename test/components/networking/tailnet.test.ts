import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { headscaleConfig } from "../../../components/networking/headscale-config.plan.ts";
import {
  joinScript,
  lookScript,
  meshEnrolment,
  tailscaleEnrolment,
} from "../../../components/networking/mesh-enrolment.plan.ts";
import { meshPolicy } from "../../../components/networking/mesh-policy.plan.ts";
import { meshRecords } from "../../../components/edge/mesh-records.plan.ts";
import {
  tailnetDns,
  tailnetKey,
  tailnetPolicy,
} from "../../../components/networking/tailnet.plan.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { findProblems } from "../../../model/validate.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import type { HostDeclaration } from "../../../model/declaration.ts";
import { rentedSite } from "../../support/rented-site.ts";
import { isValidShell } from "../../support/shell.ts";
import { site } from "../../support/site.ts";
import { tailnetSite } from "../../support/tailnet-site.ts";
import { hosts as usualHosts, IMAGE_CONTRACTS } from "../../support/fleet.ts";

const fleet = declareFleet(tailnetSite);
const hosts = HOSTS.map((host) => fleet[host].declaration);

describe("a tailnet's policy file", () => {
  const policy = JSON.parse(tailnetPolicy(tailnetSite, hosts)) as ReturnType<typeof meshPolicy>;
  const own = meshPolicy(tailnetSite, hosts);

  it("has the rules, hosts and approvers that Headscale would get", () => {
    const { tagOwners: _theirs, ...rules } = policy;
    const { tagOwners: _ours, ...wanted } = own;
    expect(rules).toEqual(wanted);
    expect(policy.acls).toHaveLength(4);
  });

  it("gives every tag to the tailnet's administrators, since users of Headscale are no users there", () => {
    expect(Object.keys(policy.tagOwners)).toEqual(Object.keys(own.tagOwners));
    for (const owners of Object.values(policy.tagOwners))
      expect(owners).toEqual(["autogroup:admin"]);
    // Headscale's form of a user; Tailscale's are whole addresses.
    expect(JSON.stringify(policy)).not.toContain(`${site.adminUser}@`);
  });

  it("names no source or destination that it does not define", () => {
    const known = [...Object.keys(policy.tagOwners), ...Object.keys(policy.hosts)];
    const used = policy.acls.flatMap(({ src, dst }) => [
      ...src,
      ...dst.map((target) => target.slice(0, target.lastIndexOf(":"))),
    ]);
    const foreign = used.filter((name) => !known.includes(name));
    expect([...new Set(foreign)].sort()).toEqual(["*", "autogroup:internet"]);
  });

  it("opens what the monitor of a VPS without Headscale asks", () => {
    const [, , fromVps] = policy.acls;
    expect(fromVps?.dst.find((target) => target.startsWith("nas:"))).toContain("8000");
  });
});

describe("a tailnet's DNS", () => {
  const dns = tailnetDns(tailnetSite);

  it("asks the resolvers that Headscale's configuration names, in that order", () => {
    const config = parse(headscaleConfig(site)) as {
      dns: { nameservers: { global: string[] }; search_domains: string[]; magic_dns: boolean };
    };
    expect(dns.nameservers.map(({ address }) => address)).toEqual(config.dns.nameservers.global);
    expect(dns).toMatchObject({
      magicDns: config.dns.magic_dns,
      overrideLocalDns: true,
      searchPaths: config.dns.search_domains,
    });
  });

  it("leaves names below the domain to the VPS's AdGuard alone, in place of records", () => {
    expect(dns.splitDns).toEqual([
      { domain: site.domain, nameservers: [{ address: site.hosts.vps.mesh }] },
    ]);
    const adguard = fleet.vps.declaration.services.find(({ name }) => name === "adguard");
    const rewrites = adguard?.files?.find(({ target }) => target.includes("rewrites"))?.content;
    const text = rewrites?.kind === "text" ? rewrites.text : "";
    for (const { name, value } of meshRecords(tailnetSite, hosts)) {
      expect(name.endsWith(`.${site.domain}`)).toBe(true);
      expect(text).toContain(`domain: ${name}\n      answer: ${value}\n`);
    }
    expect(adguard?.ports).toContainEqual(
      expect.objectContaining({ bind: site.hosts.vps.mesh, host: 53 }),
    );
  });
});

describe("a host's key to a tailnet", () => {
  it("is good once, for minutes, for the host's tag, and is not made anew when it is spent", () => {
    expect(tailnetKey("nas", "written-1")).toMatchObject({
      reusable: false,
      ephemeral: false,
      preauthorized: true,
      tags: ["tag:server"],
      recreateIfInvalid: "never",
    });
    expect(tailnetKey("vps", "written-1").tags).toEqual(["tag:vps"]);
    expect(tailnetKey("vps", "written-1").expiry).toBeLessThanOrEqual(600);
  });

  it("differs with the enrolment that it is for, in a description that Tailscale takes", () => {
    const first = tailnetKey("docker-vm", "written-1763719215000").description;
    expect(first).toMatch(/^[A-Za-z0-9 -]{1,50}$/);
    expect(tailnetKey("docker-vm", "written-1763719215001").description).not.toBe(first);
  });
});

describe("enrolment in a tailnet", () => {
  it("leads to Tailscale's coordinator, with the options of any other mesh", () => {
    for (const host of HOSTS) {
      const { server, options, address } = meshEnrolment(tailnetSite, host);
      expect(server).toBe("https://controlplane.tailscale.com");
      expect({ options, address }).toEqual({
        options: meshEnrolment(site, host).options,
        address: meshEnrolment(site, host).address,
      });
    }
  });

  it("is made of scripts that a POSIX shell reads", () => {
    const enrolment = tailscaleEnrolment(tailnetSite, "nas");
    expect(isValidShell(lookScript(enrolment))).toBe(true);
    expect(isValidShell(joinScript(enrolment))).toBe(true);
  });
});

describe("a homelab in a tailnet", () => {
  const everything = hosts.flatMap(({ services }) => services);

  it("can be declared without a mistake", () => {
    expect(findProblems(hosts, IMAGE_CONTRACTS)).toEqual([]);
  });

  it("has neither Headscale nor a relay, and nothing that speaks of them", () => {
    const names = (all: readonly HostDeclaration[]) =>
      all.flatMap(({ host, services }) => services.map(({ name }) => `${host}/${name}`)).sort();
    const coordination = /headscale|derp/;
    expect(names(hosts)).toEqual(
      [...names(usualHosts).filter((name) => !coordination.test(name)), "vps/vps-backup"].sort(),
    );
    expect(JSON.stringify(hosts)).not.toMatch(/headscale|derp/i);
  });

  it("opens no port for a relay to the internet", () => {
    const open = fleet.vps.declaration.services.flatMap(({ ports = [] }) =>
      ports
        .filter(({ bind }) => bind === "0.0.0.0")
        .map(({ host, protocol }) => `${host}/${protocol}`),
    );
    expect(open.sort()).toEqual(["443/tcp", "443/udp", "80/tcp"]);
  });

  it("still copies all that the VPS must not lose", () => {
    const backup = everything.find(({ name }) => name === "vps-backup")?.backup;
    expect(backup?.repository).toBe("vps");
    expect(backup?.protects).toEqual([
      "adguard-conf",
      "caddy-data",
      "uptime-kuma-data",
      "ntfy-config",
      "changedetection-data",
    ]);
  });

  it("sends the repositories away at night, and fetches nothing from the VPS first", () => {
    const job = everything.find(({ name }) => name === "offsite-sync")?.files?.[0]?.content;
    const text = job?.kind === "text" ? job.text : "";
    expect(isValidShell(text)).toBe(true);
    expect(text).toContain("/restic");
    expect(text).not.toMatch(/offsite-key/);
  });

  it("rents a machine, if it does, that does not take itself for the coordinator", () => {
    const rented = declareFleet({ ...tailnetSite, vps: rentedSite.vps }).vps.declaration.machine;
    expect(rented).toMatchObject({ dnsName: `vps.${site.domain}` });
    expect(rented).not.toHaveProperty("coordinator");
  });

  it("says at its mesh gate whom to look for when nobody answers", () => {
    const [gate] = fleet.vps.declaration.gates;
    expect(gate?.remedy).toContain("No answer from Tailscale");
  });
});
