import { resticRestPlan } from "../components/backup/restic-rest.plan.ts";
import { vpsBackupPlan } from "../components/backup/vps-backup.plan.ts";
import { hetznerMachine } from "../components/machine/hetzner-server.plan.ts";
import { ntfyPlan } from "../components/monitoring/ntfy.plan.ts";
import { uptimeKumaPlan } from "../components/monitoring/uptime-kuma.plan.ts";
import { adguardPlan } from "../components/networking/adguard.plan.ts";
import { derpPlan } from "../components/networking/derp.plan.ts";
import { headscalePlan } from "../components/networking/headscale.plan.ts";
import { meshGate } from "../components/networking/mesh-gate.plan.ts";
import { publicCaddyPlan, vpsProxy } from "../components/edge/public-caddy.plan.ts";
import { proxiedSites } from "../components/edge/routes.plan.ts";
import { secondaryPiholePlan } from "../components/networking/secondary-pihole.plan.ts";
import { tailnetOf } from "../components/networking/tailnet.plan.ts";
import { scrapingPlan } from "../components/scraping/scraping.plan.ts";
import type {
  AppPlan,
  GateDeclaration,
  HostDeclaration,
  NetworkDeclaration,
} from "../model/declaration.ts";
import type { Site } from "../model/site.ts";

/** An app that this site has no use for. */
const ABSENT: AppPlan = { services: [], volumes: [] };

/** Networks that only a VPS with Headscale has. */
const COORDINATION: readonly string[] = ["headscale-net", "derp-net"];

/** Networks of the VPS. They belong to the host, so stacks may use each other's freely. */
const NETWORKS: readonly NetworkDeclaration[] = [
  { name: "headscale-net" },
  // Fixed, because Unbound has a fixed address in it.
  { name: "adguard-net", subnet: "172.20.0.0/16", gateway: "172.20.0.1" },
  { name: "dns-net" },
  { name: "derp-net" },
  { name: "monitoring-net" },
  { name: "scraping-net" },
  { name: "backup-net" },
];

/**
 * The VPS's apps in start order.
 * @param known all hosts as far as they are known: routes, ports and probes of their services
 */
export function vpsApps(site: Site, known: readonly HostDeclaration[]) {
  return {
    headscale:
      site.mesh.coordinator === "headscale"
        ? headscalePlan(site, { hosts: known, addresses: site.mesh.addresses })
        : ABSENT,
    adguard: adguardPlan(site, { hosts: known }),
    caddy: publicCaddyPlan(site, { sites: proxiedSites(site, vpsProxy(site), known) }),
    pihole: secondaryPiholePlan(site),
    derp: site.mesh.coordinator === "headscale" ? derpPlan(site) : ABSENT,
    ntfy: ntfyPlan(site),
    uptimeKuma: uptimeKumaPlan(site),
    scraping: scrapingPlan(site),
    resticRest: resticRestPlan(site, { host: "vps" }),
    backup: site.mesh.coordinator === "headscale" ? ABSENT : vpsBackupPlan(site),
  } satisfies Record<string, AppPlan>;
}

/** Conditions outside the containers that services of the VPS wait for. */
export function vpsGates(site: Site): GateDeclaration[] {
  return [meshGate(site, "vps")];
}

/** The whole VPS as data. No service here is watched for updates: Watchtower is on the Docker VM. */
export function vpsHost(site: Site, apps: Readonly<Record<string, AppPlan>>): HostDeclaration {
  const plans = Object.values(apps);
  const services = plans.flatMap((plan) => plan.services);
  const machine = hetznerMachine(site, services);
  return {
    host: "vps",
    networks: NETWORKS.filter(
      ({ name }) => site.mesh.coordinator === "headscale" || !COORDINATION.includes(name),
    ),
    volumes: plans.flatMap((plan) => plan.volumes),
    gates: vpsGates(site),
    services,
    ...(machine && { machine }),
    ...tailnetOf(site),
  };
}
