import { autheliaPlan } from "../components/auth/authelia.plan.ts";
import { homeAssistantPlan } from "../components/automation/home-assistant.plan.ts";
import { mosquittoPlan } from "../components/automation/mosquitto.plan.ts";
import { paperlessPlan } from "../components/documents/paperless.plan.ts";
import { watchtowerPlan } from "../components/maintenance/watchtower.plan.ts";
import { jellyfinPlan } from "../components/media/jellyfin.plan.ts";
import { prowlarrPlan } from "../components/media/prowlarr.plan.ts";
import { qbittorrentPlan } from "../components/media/qbittorrent.plan.ts";
import { radarrPlan } from "../components/media/radarr.plan.ts";
import { sonarrPlan } from "../components/media/sonarr.plan.ts";
import { monitoringPlans } from "../components/monitoring/monitoring.plan.ts";
import { caddyPlan, DOCKER_VM_PROXY } from "../components/edge/caddy.plan.ts";
import { localNames } from "../components/edge/local-names.plan.ts";
import { meshGate } from "../components/networking/mesh-gate.plan.ts";
import { piholePlan } from "../components/networking/pihole.plan.ts";
import { protectedNames, proxiedSites } from "../components/edge/routes.plan.ts";
import { tailnetOf } from "../components/networking/tailnet.plan.ts";
import { VOUCHED_NETWORK } from "../components/edge/vouched-network.plan.ts";
import { immichPlan } from "../components/photos/immich.plan.ts";
import { MEDIA_FOLDERS } from "../components/security/frigate-config.plan.ts";
import { frigatePlan } from "../components/security/frigate.plan.ts";
import { vaultwardenPlan } from "../components/security/vaultwarden.plan.ts";
import { usesNfs } from "../components/storage/nas-folders.plan.ts";
import { nfsExports } from "../components/storage/nfs-exports.plan.ts";
import { bentopdfPlan } from "../components/tools/bentopdf.plan.ts";
import { dozzlePlan } from "../components/tools/dozzle.plan.ts";
import { homepagePlan } from "../components/tools/homepage.plan.ts";
import { tilesOf } from "../components/tools/tiles.plan.ts";
import type {
  AppPlan,
  GateDeclaration,
  HostDeclaration,
  NeededProgram,
  NetworkDeclaration,
} from "../model/declaration.ts";
import type { Site } from "../model/site.ts";

/** Networks of the Docker VM. They belong to the host, so stacks may use each other's freely. */
const NETWORKS: readonly NetworkDeclaration[] = [
  { name: "pihole-net" },
  { name: "caddy-net" },
  {
    name: VOUCHED_NETWORK.name,
    subnet: VOUCHED_NETWORK.subnet,
    gateway: VOUCHED_NETWORK.gateway,
  },
  { name: "automation-net" },
  { name: "mqtt-net" },
  { name: "security-net" },
  { name: "documents-net" },
  { name: "monitoring-net" },
  { name: "photos-net" },
  { name: "media-net" },
  { name: "maintenance-net" },
];

/** Where the NAS's folders are mounted. */
export const MOUNT_GROUND = "/mnt/nas";

/**
 * Empty folders on the ground below the mounts, for who starts without its mount: Frigate ends
 * where it finds none of its own and can make none.
 */
export const GROUND_FOLDERS = MEDIA_FOLDERS.map((folder) => `${MOUNT_GROUND}/frigate/${folder}`);

const NFS_CLIENT: NeededProgram = {
  path: "/usr/sbin/mount.nfs",
  package: "nfs-common",
  why: "mounts the NAS's folders",
};

/** Conditions outside the containers that services of the Docker VM wait for. */
export function dockerVmGates(site: Site): GateDeclaration[] {
  const mounts = nfsExports(site).map(({ name, path, owner, writer }): GateDeclaration => ({
    name: `nas-${name}`,
    kind: "mount",
    path: `${MOUNT_GROUND}/${name}`,
    source: `${site.nasMounts.source}${path}`,
    writable: writer !== undefined,
    ...(writer === undefined ? {} : { writer }),
    remedy: `check that the NAS is on and exports ${path}, and that it belongs to ${owner} there (ssh nas ls -ldn ${path}); then: systemctl restart mnt-nas-${name}.mount`,
  }));
  const graphics: GateDeclaration = {
    name: "dri",
    kind: "device",
    path: "/dev/dri",
    remedy:
      "pass the graphics device through to this machine; decoding falls back to the processor",
  };
  return [...mounts, graphics, meshGate(site, "docker-vm")];
}

/**
 * The apps of the Docker VM in start order, phases 4 to 13.
 * @param known what is declared on all hosts, for the apps that are configured from the others
 */
export function dockerVmApps(site: Site, known: readonly HostDeclaration[]) {
  const servicesOf = (host: string) =>
    known.find((declaration) => declaration.host === host)?.services ?? [];
  const own = servicesOf("docker-vm");
  return {
    // Phase 4: networking
    pihole: piholePlan(site, { names: localNames(site, known) }),
    caddy: caddyPlan(site, { sites: proxiedSites(site, DOCKER_VM_PROXY, known) }),
    // Phase 5: automation
    mosquitto: mosquittoPlan(site),
    homeAssistant: homeAssistantPlan(site),
    // Phase 6: security
    vaultwarden: vaultwardenPlan(site),
    frigate: frigatePlan(site),
    // Phase 7: auth
    authelia: autheliaPlan(site, { protectedNames: protectedNames(site, known) }),
    // Phase 8: tools
    dozzle: dozzlePlan(site),
    bentopdf: bentopdfPlan(site),
    homepage: homepagePlan(site, { tiles: tilesOf(site, known) }),
    // Phase 9: documents
    paperless: paperlessPlan(site),
    // Phase 10: monitoring
    ...monitoringPlans(site, {
      neighbours: own.filter((service) => service.stack !== "monitoring"),
      all: own,
      remote: { vps: servicesOf("vps"), nas: servicesOf("nas") },
    }),
    // Phase 11: photos
    immich: immichPlan(site),
    // Phase 12: media
    jellyfin: jellyfinPlan(site),
    prowlarr: prowlarrPlan(site),
    qbittorrent: qbittorrentPlan(site),
    sonarr: sonarrPlan(site),
    radarr: radarrPlan(site),
    // Phase 13: maintenance
    watchtower: watchtowerPlan(site, {
      after: own.map((service) => service.name).filter((name) => name !== "watchtower"),
    }),
  } satisfies Record<string, AppPlan>;
}

/** The whole Docker VM as data. */
export function dockerVmHost(site: Site, apps: Readonly<Record<string, AppPlan>>): HostDeclaration {
  const plans = Object.values(apps);
  return {
    host: "docker-vm",
    networks: NETWORKS,
    volumes: plans.flatMap((plan) => plan.volumes),
    gates: dockerVmGates(site),
    ...(usesNfs(site) && { programs: [NFS_CLIENT] }),
    services: plans.flatMap((plan) => plan.services),
    ...tailnetOf(site),
  };
}
