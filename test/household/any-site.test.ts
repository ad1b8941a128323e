import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declareFleet } from "../../household/fleet.plan.ts";
import { UserError } from "../../model/errors.ts";
import { HOSTS } from "../../model/host-names.ts";
import { contractsOf } from "../../model/image-catalogue.ts";
import { parseSite, type Site } from "../../model/site.ts";
import { findProblems } from "../../model/validate.ts";
import { rentedSite } from "../support/rented-site.ts";
import { SIGNER_KEY, site } from "../support/site.ts";

/** Values of each setting that somebody may write: usual ones, odd ones, and some that are wrong. */
const WRITTEN = {
  domain: [
    "home.example",
    "a.b-c.co.uk",
    "xn--mnchen-3ya.example",
    "home.lan",
    "Home.example.",
    "1.2.3.4",
  ],
  timezone: [
    "UTC",
    "Europe/Kyiv",
    "America/Argentina/Buenos_Aires",
    "Etc/GMT+3",
    "CET",
    "Europe/Kiew",
  ],
  adminUser: ["admin", "a", "max_muster-2", "true", "null", "no", "root", "x'y"],
  vps: [undefined, { provision: "existing", loginUser: "me" }, rentedSite.vps],
  mesh: [
    undefined,
    { coordinator: "headscale", addresses: "sequential" },
    { coordinator: "tailscale", tailnet: "alice@example.com" },
    { coordinator: "tailscale" },
  ],
  nasMounts: [
    site.nasMounts,
    { type: "nfs4", source: "nas.lan:", options: "vers=4.2,nofail" },
    { type: "fuse.sshfs", source: "me@nas:/pool", options: "allow_other,reconnect" },
    { type: "nfs", source: "nas:", options: "ro" },
  ],
  renderGroups: [[], ["0"], ["992", "44"], ["render"]],
  dnsUpstreams: [["1.1.1.1"], ["9.9.9.9", "149.112.112.112", "8.8.8.8"], ["192.0.2.1", "::1"]],
  javya: [
    undefined,
    { registry: "ghcr.io/somebody" },
    { registry: "192.0.2.12:3000/h", version: "2" },
  ],
  controlPlane: [
    undefined,
    {},
    { keepDays: 1, signers: [{ name: "ana", key: SIGNER_KEY }] },
    { keepDays: 0 },
  ],
  lan: [
    "10.0.0.2",
    "192.0.2.12",
    "192.168.1.1",
    "172.20.0.5",
    "172.31.250.2",
    "203.0.113.250",
    "127.0.0.1",
  ],
  meshed: ["100.64.0.1", "100.64.0.2", "100.99.255.254", "100.127.0.1", "100.100.100.100"],
  issuer: [
    { issuer: "internal" },
    { issuer: "acme", email: "me@home.example" },
    { issuer: "cloudflare", email: "me@home.example" },
  ],
} as const;

const from = (name: keyof typeof WRITTEN) => fc.constantFrom<unknown>(...WRITTEN[name]);

const host = fc.record({ lan: from("lan"), mesh: from("meshed") });

const anySite = fc.record({
  ...Object.fromEntries(
    (["domain", "timezone", "adminUser", "vps", "mesh", "nasMounts"] as const).map((name) => [
      name,
      from(name),
    ]),
  ),
  ...Object.fromEntries(
    (["renderGroups", "dnsUpstreams", "javya", "controlPlane"] as const).map((name) => [
      name,
      from(name),
    ]),
  ),
  hosts: fc.record(Object.fromEntries(HOSTS.map((name) => [name, host]))),
  certificates: fc.record({ vps: from("issuer"), "docker-vm": from("issuer") }),
});

/** The usual site with some settings of a drawn one, so that not every site has a mistake. */
const mostlyUsual = fc
  .tuple(anySite, fc.subarray([...Object.keys(site), "vps", "mesh", "controlPlane"]))
  .map(([drawn, names]): unknown => ({
    ...site,
    ...Object.fromEntries(names.map((name) => [name, (drawn as Record<string, unknown>)[name]])),
  }));

/** Every mistake is a person's, and stands with its path. */
function expectMistake(error: unknown): void {
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(/^ {2}homelab:site\.[\w.-]+: \S/m);
}

function accepted(written: unknown): Site | undefined {
  try {
    return parseSite(written);
  } catch (error) {
    expectMistake(error);
    return undefined;
  }
}

describe("a site", () => {
  it("is refused with the path of each mistake, or declares hosts that can be deployed", () => {
    let declared = 0;
    fc.assert(
      fc.property(mostlyUsual, (written) => {
        const parsed = accepted(written);
        if (parsed === undefined) return;
        let fleet;
        try {
          fleet = declareFleet(parsed);
        } catch (error) {
          expectMistake(error);
          return;
        }
        const hosts = HOSTS.map((name) => fleet[name].declaration);
        expect(findProblems(hosts, contractsOf(hosts))).toEqual([]);
        declared += 1;
      }),
      { numRuns: 100 },
    );
    expect(declared).toBeGreaterThan(5);
  }, 120_000);

  it.each([
    ["hosts.nas.lan", { hosts: { ...site.hosts, nas: { ...site.hosts.nas, lan: "172.20.0.5" } } }],
    ["dnsUpstreams.0", { dnsUpstreams: ["172.31.250.2"] }],
  ])("may not put %s where a network of the containers is", (path, change) => {
    const usual = { ...site, nasMounts: { ...site.nasMounts, source: "nas:" } };
    expect(() => declareFleet(parseSite({ ...usual, ...change }))).toThrow(
      new RegExp(`homelab:site\\.${path}: "172\\.\\S+" lies in 172\\.`),
    );
  });
});
