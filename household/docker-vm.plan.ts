import { authelia } from "../components/auth/authelia.plan.ts";
import { homeAssistant } from "../components/automation/home-assistant.plan.ts";
import { mosquitto } from "../components/automation/mosquitto.plan.ts";
import { paperless } from "../components/documents/paperless.plan.ts";
import { watchtower } from "../components/maintenance/watchtower.plan.ts";
import { jellyfin } from "../components/media/jellyfin.plan.ts";
import { prowlarr } from "../components/media/prowlarr.plan.ts";
import { qbittorrent } from "../components/media/qbittorrent.plan.ts";
import { radarr } from "../components/media/radarr.plan.ts";
import { sonarr } from "../components/media/sonarr.plan.ts";
import { victoriametrics } from "../components/monitoring/victoriametrics.plan.ts";
import { vmagent } from "../components/monitoring/vmagent.plan.ts";
import { alertmanager } from "../components/monitoring/alertmanager.plan.ts";
import { vmalert } from "../components/monitoring/vmalert.plan.ts";
import { cadvisor } from "../components/monitoring/cadvisor.plan.ts";
import { grafana } from "../components/monitoring/grafana.plan.ts";
import { localNames } from "../components/edge/local-names.plan.ts";
import { placeAtHome } from "../components/edge/proxy.plan.ts";
import { pihole } from "../components/networking/pihole.plan.ts";
import { protectedNames, proxiedSites } from "../components/edge/routes.plan.ts";
import { immich } from "../components/photos/immich.plan.ts";
import { frigate } from "../components/security/frigate.plan.ts";
import { vaultwarden } from "../components/security/vaultwarden.plan.ts";
import { usesNfs } from "../components/core/nas-folders.plan.ts";
import { sharedFolder } from "../components/core/shared-folder.plan.ts";
import { mountGates } from "../components/storage/mount-gates.plan.ts";
import { bentopdf } from "../components/tools/bentopdf.plan.ts";
import { dozzle } from "../components/tools/dozzle.plan.ts";
import { homepage } from "../components/tools/homepage.plan.ts";
import { tilesOf } from "../components/tools/tiles.plan.ts";
import type { GateDeclaration, NeededProgram } from "../model/declared-machine.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import type { Site } from "../model/site.ts";
import { CAMERAS, CAMERA_SECRETS } from "./cameras.ts";
import { EXPORTED_FOLDERS, NAS_FOLDERS } from "./folders.ts";
import type { HouseholdHost } from "./household-host.ts";
import { knownOf, phase, type Phase } from "./phase.ts";
import { PROXIES } from "./proxies.ts";

/**
 * Networks that the proxy dials into beside its own. Home Assistant and the media apps too: through
 * ports of the host it would not reach them, because some listen on the loopback only.
 */
const DIALLED = ["security-net", "media-net", "automation-net"];

/** Films, series and downloads of the NAS, as they are found here. */
const MEDIA = {
  media: sharedFolder(NAS_FOLDERS.media),
  downloads: sharedFolder(NAS_FOLDERS.downloads),
};

const NFS_CLIENT: NeededProgram = {
  path: "/usr/sbin/mount.nfs",
  package: "nfs-common",
  why: "mounts the NAS's folders",
};

/** The NAS's folders, and the graphics device. */
function gates(site: Site): GateDeclaration[] {
  const graphics: GateDeclaration = {
    name: "dri",
    kind: "device",
    path: "/dev/dri",
    remedy:
      "pass the graphics device through to this machine; decoding falls back to the processor",
  };
  return [...mountGates(site, EXPORTED_FOLDERS), graphics];
}

/** Phases 4 to 13 of the documented order. */
function apps(site: Site, known: readonly HostDeclaration[]): Phase[] {
  const own = knownOf(known, "docker-vm");
  const { home: proxy } = PROXIES;
  const place = placeAtHome(proxy, own.joined(DIALLED), own.has("authelia"));
  return [
    // Networking
    phase(4, {
      pihole: pihole(site, { names: localNames(site, known) }),
      [proxy.service]: proxy.app(site, {
        place,
        sites: proxiedSites(site, place, known),
        volumes: own.volumes,
      }),
    }),
    // Automation
    phase(5, {
      mosquitto: mosquitto(site),
      "home-assistant": homeAssistant(site, {
        at: "jara",
        proxy,
        cameras: CAMERAS,
        volumes: own.volumes,
      }),
    }),
    // Security
    phase(6, {
      vaultwarden: vaultwarden(site, { proxy, volumes: own.volumes }),
      frigate: frigate(site, {
        at: "taguato",
        recordings: sharedFolder(NAS_FOLDERS.frigate),
        cameras: CAMERAS,
        secrets: CAMERA_SECRETS,
      }),
    }),
    // Auth
    phase(7, { authelia: authelia(site, { proxy, protectedNames: protectedNames(site, known) }) }),
    // Tools
    phase(8, {
      dozzle: dozzle(site, { at: "ysyry", proxy }),
      bentopdf: bentopdf(site, { at: "kuatia", proxy }),
      homepage: homepage(site, { at: "mbyja", proxy, tiles: tilesOf(site, known) }),
    }),
    // Documents
    phase(9, { paperless: paperless(site, { at: "aranduka", proxy }) }),
    // Monitoring
    phase(10, {
      victoriametrics: victoriametrics(site),
      vmagent: vmagent(site, { hosts: known, networks: own.joined(["automation-net"]) }),
      alertmanager: alertmanager(site),
      vmalert: vmalert(site, { services: own.services }),
      cadvisor: cadvisor(site),
      grafana: grafana(site, { at: "papa" }),
    }),
    // Photos
    phase(11, {
      immich: immich(site, { at: "vera", proxy, photos: sharedFolder(NAS_FOLDERS.photos) }),
    }),
    // Media
    phase(12, {
      jellyfin: jellyfin(site, { at: "yrasema", media: MEDIA.media }),
      prowlarr: prowlarr(site, { at: "aoao" }),
      qbittorrent: qbittorrent(site, { downloads: MEDIA.downloads }),
      sonarr: sonarr(site, { at: "japysaka", ...MEDIA }),
      radarr: radarr(site, { at: "taanga", ...MEDIA }),
    }),
    // Maintenance
    phase(13, {
      watchtower: watchtower(site, {
        after: own.services.map(({ name }) => name).filter((name) => name !== "watchtower"),
      }),
    }),
  ];
}

/** The Docker VM: everything that people open at home. */
export const dockerVm: HouseholdHost = {
  apps,
  gates,
  more: (site) => (usesNfs(site) ? { programs: [NFS_CLIENT] } : {}),
};
