import type { AppPlan, GateDeclaration, HostDeclaration } from "../model/declaration.ts";
import type { Site } from "../model/site.ts";

/** Networks of the Docker VM. They belong to the host, so stacks may use each other's freely. */
const NETWORKS = [
  "pihole-net",
  "caddy-net",
  "automation-net",
  "mqtt-net",
  "security-net",
  "documents-net",
  "monitoring-net",
  "photos-net",
  "media-net",
  "maintenance-net",
] as const;

/** Where the NAS's folders are mounted. */
export const MOUNT_GROUND = "/mnt/nas";

/** The Docker VM's folders on the NAS: name to whether containers write there. */
const NAS_FOLDERS = { frigate: true, media: true, downloads: true, photos: false } as const;

/** Conditions outside the containers that services of the Docker VM wait for. */
export function dockerVmGates(site: Site): GateDeclaration[] {
  const mounts = Object.entries(NAS_FOLDERS).map(
    ([folder, writable]): GateDeclaration => ({
      name: `nas-${folder}`,
      kind: "mount",
      path: `${MOUNT_GROUND}/${folder}`,
      source: `${site.nasMounts.source}/srv/${folder}`,
      writable,
      remedy: `check that the NAS is on and exports /srv/${folder}; then: systemctl restart mnt-nas-${folder}.mount`,
    }),
  );
  const graphics: GateDeclaration = {
    name: "dri",
    kind: "device",
    path: "/dev/dri",
    remedy: "pass the graphics device through to this machine; decoding falls back to the processor",
  };
  return [...mounts, graphics];
}

/** The whole Docker VM as data. */
export function dockerVmHost(site: Site, apps: Readonly<Record<string, AppPlan>>): HostDeclaration {
  const plans = Object.values(apps);
  return {
    host: "docker-vm",
    networks: NETWORKS.map((name) => ({ name })),
    volumes: plans.flatMap((plan) => plan.volumes),
    gates: dockerVmGates(site),
    services: plans.flatMap((plan) => plan.services),
  };
}
