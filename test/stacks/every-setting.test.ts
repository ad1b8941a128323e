import { beforeAll, describe, expect, it } from "vitest";
import { declareFleet } from "../../household/fleet.plan.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { contractsOf } from "../../model/image-catalogue.ts";
import { parseSite, siteSchema } from "../../model/site.ts";
import { findProblems } from "../../model/validate.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { SIGNER_KEY, site as usual } from "../support/site.ts";
import { recordStack } from "../support/stack-program.ts";
import { tailnetRun } from "../support/tailnet-site.ts";

/** A site of which no setting is as the tests usually have it, nor as it is by itself. */
const site = parseSite({
  domain: "xn--mnchen-3ya.example",
  timezone: "Europe/Kyiv",
  adminUser: "ana_b-2",
  hosts: {
    vps: { lan: "203.0.113.5", mesh: "100.99.1.1" },
    nas: { lan: "10.7.0.2", mesh: "100.99.1.2" },
    "docker-vm": { lan: "10.7.0.3", mesh: "100.127.255.254" },
  },
  vps: { provision: "existing", loginUser: "ana" },
  mesh: { coordinator: "tailscale", tailnet: "ana@example.org" },
  certificates: {
    vps: { issuer: "internal" },
    "docker-vm": { issuer: "cloudflare", email: "ana+home@example.org" },
  },
  nasMounts: { type: "nfs4", source: "10.7.0.2:/pool", options: "vers=4.2,nofail,hard,timeo=50" },
  renderGroups: ["105"],
  dnsUpstreams: ["149.112.112.112"],
  javya: { registry: "10.7.0.2:3000/ana", version: "2.1" },
  controlPlane: { keepDays: 7, signers: [{ name: "ana", key: SIGNER_KEY }] },
});

const fleet = declareFleet(site);
const hosts = HOSTS.map((host) => fleet[host].declaration);
const recorded = new Map<HostName, RecordedResource[]>();

beforeAll(async () => {
  for (const host of HOSTS) recorded.set(host, await recordStack(host, { ...tailnetRun, site }));
}, 240_000);

describe("a site with every setting off its default", () => {
  it("has every setting that there is, and none as the usual site", () => {
    for (const name of Object.keys(siteSchema.shape) as (keyof typeof site)[]) {
      expect(site[name], name).toBeDefined();
      expect(site[name], name).not.toEqual(usual[name]);
    }
  });

  it("declares hosts without a mistake", () => {
    expect(findProblems(hosts, contractsOf(hosts))).toEqual([]);
  });

  it.each(HOSTS)("makes a container for each service of %s", (host) => {
    const containers = (recorded.get(host) ?? [])
      .filter(({ type }) => type === "docker:index/container:Container")
      .map(({ inputs }) => inputs["name"]);
    expect(containers.sort()).toEqual(
      fleet[host].declaration.services.map(({ name }) => name).sort(),
    );
  });

  it("leaves nothing of the usual site in what it makes", () => {
    const all = JSON.stringify([hosts, ...recorded.values()]);
    const former = [
      usual.domain,
      usual.timezone,
      "192.0.2.",
      "198.51.100.7",
      "100.64.0.",
      "linuxuser",
    ];
    for (const text of former) expect(all.includes(text), text).toBe(false);
  });

  it("has each setting where it counts", () => {
    const made = (host: HostName) => JSON.stringify(recorded.get(host));
    for (const host of HOSTS) expect(made(host)).toContain("TZ=Europe/Kyiv");
    expect(made("vps")).toContain('"tailnet":"ana@example.org"');
    const declared = JSON.stringify(hosts);
    for (const text of [
      "https://yrasema.xn--mnchen-3ya.example",
      "10.7.0.2:/pool/srv/media",
      "149.112.112.112",
      "10.7.0.2:3000/ana/javya-backend:2.1",
      '"groups":["105"]',
      "valid users = ana_b-2",
      "100.127.255.254",
    ]) {
      expect(declared, text).toContain(text);
    }
  });
});
