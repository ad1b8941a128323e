import type { AppPlan, Requirement, AppService } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { RESTIC_ACCOUNTS, resticSidecar, resticState } from "./restic-sidecar.plan.ts";
import { RESTIC_PORT } from "./restic-rest.plan.ts";
import { RESTIC_0_16_IMAGE } from "./restic.image.ts";
import { app } from "../../model/app.ts";

/** A volume of the VPS, where the job sees it, and the SQLite file in it if there is one. */
interface VpsData {
  readonly volume: string;
  readonly target: string;
  readonly sqlite?: string;
}

/** What only a VPS with Headscale has. */
const COORDINATION: readonly string[] = ["headscale-data", "derp-data"];

/** What the VPS must not lose. */
export const VPS_DATA: readonly VpsData[] = [
  { volume: "headscale-data", target: "/data/headscale", sqlite: "db.sqlite" },
  { volume: "adguard-conf", target: "/data/adguard" },
  { volume: "caddy-data", target: "/data/caddy" },
  { volume: "derp-data", target: "/data/derp" },
  { volume: "uptime-kuma-data", target: "/data/uptime-kuma", sqlite: "kuma.db" },
  { volume: "ntfy-config", target: "/data/ntfy", sqlite: "user.db" },
  { volume: "changedetection-data", target: "/data/changedetection" },
];

/** The VPS's one backup container. */
export interface VpsSidecarArgs {
  readonly name: string;
  readonly stack: string;
  /** Network of the VPS that leads outside. */
  readonly network: string;
  readonly keeps: readonly VpsData[];
  /** What must be there before it starts. @default nothing */
  readonly requires?: readonly Requirement[];
}

/** Copies what the VPS keeps to the NAS each night, over the mesh. */
export function vpsSidecar(site: Site, args: VpsSidecarArgs): AppService {
  return resticSidecar(site, {
    name: args.name,
    stack: args.stack,
    networks: [args.network],
    repository: "vps",
    schedule: "15 1 * * *",
    data: args.keeps.map(({ volume, target }) => ({ volume, target })),
    sqlite: args.keeps.flatMap(({ target, sqlite }) => (sqlite ? [`${target}/${sqlite}`] : [])),
    account: RESTIC_ACCOUNTS.vps,
    // Not from the nas stack, which is deployed after this one.
    address: `${site.hosts.nas.mesh}:${RESTIC_PORT}`,
    afterServer: false,
    ...(args.requires && { requires: args.requires }),
    watchUpdates: false,
  });
}

const NAME = "vps-backup";

/** The copies of a VPS that runs no Headscale; where it does, they are part of Headscale's app. */
export const vpsBackup = app(
  {
    type: "homelab:backup:VpsBackup",
    services: {
      /** Healthy while its scheduler lives and the last run that was due succeeded. */
      job: "vps-backup",
    },
    images: [RESTIC_0_16_IMAGE],
  },
  vpsBackupPlan,
);

function vpsBackupPlan(site: Site): AppPlan {
  const sidecar = vpsSidecar(site, {
    name: NAME,
    stack: "backup",
    network: "backup-net",
    keeps: VPS_DATA.filter(({ volume }) => !COORDINATION.includes(volume)),
  });
  return { services: [sidecar], volumes: [resticState(NAME)] };
}
