import { copyServer } from "../components/backup/copy-server.plan.ts";
import type { BackupProgram } from "../components/backup/program.ts";
import { vpsBackup } from "../components/backup/vps-backup.plan.ts";
import { hetznerMachine, MACHINE_SECRETS } from "../components/machine/hetzner-server.plan.ts";
import { controlPlane } from "../components/monitoring/control-plane.plan.ts";
import { ntfy } from "../components/monitoring/ntfy.plan.ts";
import { uptimeKuma } from "../components/monitoring/uptime-kuma.plan.ts";
import { adguard } from "../components/networking/adguard.plan.ts";
import { derp } from "../components/networking/derp.plan.ts";
import { HEADSCALE_SITE } from "../components/networking/headscale-config.plan.ts";
import { headscale } from "../components/networking/headscale.plan.ts";
import { proxiedSites } from "../components/edge/routes.plan.ts";
import { secondaryPihole } from "../components/networking/secondary-pihole.plan.ts";
import { scraping } from "../components/scraping/scraping.plan.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import type { Site } from "../model/site.ts";
import type { HouseholdHost } from "./household-host.ts";
import { knownOf, phase, volumesInOrder, type Phase } from "./phase.ts";
import { PROXIES } from "./proxies.ts";

/** Networks that the proxy dials into. */
const DIALLED = ["headscale-net", "adguard-net", "monitoring-net", "derp-net"];

/** The order in which the VPS's one job copies. */
const COPIED_FIRST = [
  "headscale-data",
  "adguard-conf",
  PROXIES.coordinator.certificates,
  "derp-data",
  "uptime-kuma-data",
];

/** The mesh's coordinator first: every host's mesh address comes from it. */
function apps(site: Site, known: readonly HostDeclaration[], backup: BackupProgram): Phase[] {
  const { mesh } = site;
  const own = knownOf(known, "vps");
  const volumes = volumesInOrder(own.volumes, COPIED_FIRST);
  const { coordinator: proxy } = PROXIES;
  const place = { host: "vps", networks: own.joined(DIALLED) } as const;
  return [
    phase(1, {
      ...(mesh.coordinator === "headscale" && {
        headscale: headscale(site, { hosts: known, addresses: mesh.addresses, volumes }),
      }),
      adguard: adguard(site, { at: "yvaga", hosts: known }),
      [proxy.service]: proxy.app(site, {
        place,
        sites: proxiedSites(site, place, known),
        volumes,
      }),
      pihole: secondaryPihole(site),
      ...(mesh.coordinator === "headscale" && { derp: derp(site) }),
      ntfy: ntfy(site),
      "uptime-kuma": uptimeKuma(site),
      scraping: scraping(site),
      ...copyServer(backup, site, { host: "vps" }),
      // What Headscale's app copies otherwise.
      ...(mesh.coordinator !== "headscale" && { "vps-backup": vpsBackup(site, { volumes }) }),
      ...(site.controlPlane && { "control-plane": controlPlane(site, site.controlPlane) }),
    }),
  ];
}

/** The VPS. No service here is watched for updates: Watchtower is on the Docker VM. */
export const vps: HouseholdHost = {
  apps,
  more: (site, { services }) => {
    const machine = hetznerMachine(site, services, HEADSCALE_SITE);
    return { secrets: MACHINE_SECRETS, ...(machine && { machine }) };
  },
};
