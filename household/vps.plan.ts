import { resticRest } from "../components/backup/restic-rest.plan.ts";
import { vpsBackup } from "../components/backup/vps-backup.plan.ts";
import { hetznerMachine, MACHINE_SECRETS } from "../components/machine/hetzner-server.plan.ts";
import { controlPlane, reporting } from "../components/monitoring/control-plane.plan.ts";
import { ntfy } from "../components/monitoring/ntfy.plan.ts";
import { uptimeKuma } from "../components/monitoring/uptime-kuma.plan.ts";
import { adguard } from "../components/networking/adguard.plan.ts";
import { derp } from "../components/networking/derp.plan.ts";
import { headscale } from "../components/networking/headscale.plan.ts";
import { meshGate } from "../components/networking/mesh-gate.plan.ts";
import { publicCaddy } from "../components/edge/public-caddy.plan.ts";
import { proxiedSites } from "../components/edge/routes.plan.ts";
import { secondaryPihole } from "../components/networking/secondary-pihole.plan.ts";
import { tailnetOf } from "../components/networking/tailnet.plan.ts";
import { scraping } from "../components/scraping/scraping.plan.ts";
import type { GateDeclaration, HostDeclaration } from "../model/declaration.ts";
import type { Site } from "../model/site.ts";
import { knownOf, partsOf, phase, volumesInOrder, type Phase } from "./phase.ts";

/** Networks that Caddy dials into. */
const DIALLED = ["headscale-net", "adguard-net", "monitoring-net", "derp-net"];

/** The order in which the VPS's one job copies. */
const COPIED_FIRST = [
  "headscale-data",
  "adguard-conf",
  "caddy-data",
  "derp-data",
  "uptime-kuma-data",
];

/**
 * The VPS's apps in start order.
 * @param known all hosts as far as they are known: routes, ports and probes of their services
 */
export function vpsApps(site: Site, known: readonly HostDeclaration[]): Phase[] {
  const { mesh } = site;
  const own = knownOf(known, "vps");
  const volumes = volumesInOrder(own.volumes, COPIED_FIRST);
  const proxy = { host: "vps", networks: own.joined(DIALLED) } as const;
  return [
    phase(1, {
      ...(mesh.coordinator === "headscale" && {
        headscale: headscale(site, { hosts: known, addresses: mesh.addresses, volumes }),
      }),
      adguard: adguard(site, { at: "yvaga", hosts: known }),
      caddy: publicCaddy(site, {
        proxy,
        sites: proxiedSites(site, proxy, known),
      }),
      pihole: secondaryPihole(site),
      ...(mesh.coordinator === "headscale" && { derp: derp(site) }),
      ntfy: ntfy(site),
      "uptime-kuma": uptimeKuma(site),
      scraping: scraping(site),
      "restic-rest": resticRest(site, { host: "vps" }),
      // What Headscale's app copies otherwise.
      ...(mesh.coordinator !== "headscale" && { "vps-backup": vpsBackup(site, { volumes }) }),
      ...(site.controlPlane && { "control-plane": controlPlane(site, site.controlPlane) }),
    }),
  ];
}

/** Conditions outside the containers that services of the VPS wait for. */
export function vpsGates(site: Site): GateDeclaration[] {
  return [meshGate(site, "vps")];
}

/** The whole VPS as data. No service here is watched for updates: Watchtower is on the Docker VM. */
export function vpsHost(site: Site, phases: readonly Phase[]): HostDeclaration {
  const parts = partsOf(phases);
  const machine = hetznerMachine(site, parts.services);
  return {
    host: "vps",
    gates: vpsGates(site),
    ...parts,
    secrets: { ...parts.secrets, ...MACHINE_SECRETS },
    ...(machine && { machine }),
    ...tailnetOf(site),
    ...reporting(site, "vps"),
  };
}
