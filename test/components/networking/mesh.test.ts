import { describe, expect, it } from "vitest";
import {
  meshPolicy,
  mobileReach,
  vpsReach,
} from "../../../components/networking/mesh-policy.plan.ts";
import { meshRecords } from "../../../components/edge/mesh-records.plan.ts";
import type { RoutedHost } from "../../../components/edge/routes.plan.ts";
import { hostNamed } from "../../support/fleet.ts";
import { site } from "../../support/site.ts";

const nas = hostNamed("nas");
const vps = hostNamed("vps");
const { mesh: vpsMesh } = site.hosts.vps;

describe("names of the mesh", () => {
  const records = meshRecords(site, [vps, nas]);
  const valueOf = (name: string) => records.find((record) => record.name === name)?.value;

  it("lead to the host that serves the site, not to the one the service runs on", () => {
    expect(valueOf("git.home.example")).toBe(site.hosts["docker-vm"].mesh);
    expect(valueOf("javya.home.example")).toBe(site.hosts.nas.mesh);
  });

  it("leave the VPS's sites to the public DNS", () => {
    expect(records.map(({ value }) => value)).not.toContain(vpsMesh);
    expect(valueOf("hs.home.example")).toBeUndefined();
  });

  it("include Coolify, which is no container of ours", () => {
    expect(valueOf("tajy.home.example")).toBe(site.hosts.nas.mesh);
  });

  it("name each host at home", () => {
    expect(valueOf("nas.home.example")).toBe(site.hosts.nas.mesh);
    expect(valueOf("docker-vm.home.example")).toBe(site.hosts["docker-vm"].mesh);
  });
});

describe("the mesh's rules", () => {
  it("let the VPS reach every port that its own monitor asks at a mesh address", () => {
    const ports = vpsReach([vps, nas]).find(({ to }) => to === "nas")?.ports;
    for (const asked of [445, 8000, 22000, 61208]) expect(ports).toContain(asked);
  });

  it("open a port of its own for a probe that names none only at the scheme's port", () => {
    const probe = { name: "x", kind: "http", interval: "60s", tier: "info" } as const;
    const hosts: RoutedHost[] = [
      {
        host: "nas",
        services: nas.services.slice(0, 1).map((service) => ({
          ...service,
          probes: [{ ...probe, target: "https://{mesh:docker-vm}/a" }],
        })),
      },
    ];
    expect(vpsReach(hosts)).toEqual([
      { to: "nas", ports: [80, 443, 9100] },
      { to: "docker-vm", ports: [80, 443, 9100] },
    ]);
  });

  it("let phones reach the web and published sites, and no file share or backup", () => {
    const ports = mobileReach([vps, nas]).find(({ to }) => to === "nas")?.ports;
    expect(ports).toEqual([80, 443, 3000]);
  });

  it("name an owner for every tag they use", () => {
    const policy = meshPolicy(site, [vps, nas]);
    const text = JSON.stringify([policy.acls, policy.autoApprovers]);
    const used = new Set(text.match(/tag:[a-z]+/g));
    expect(Object.keys(policy.tagOwners).sort()).toEqual([...used].sort());
  });
});
