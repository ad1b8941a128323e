import { offsiteSyncPlan } from "../components/backup/offsite-sync.plan.ts";
import { resticRestPlan } from "../components/backup/restic-rest.plan.ts";
import { forgejoPlan } from "../components/git/forgejo.plan.ts";
import { javyaPlan } from "../components/javya/javya.plan.ts";
import { glancesPlan } from "../components/monitoring/glances.plan.ts";
import { meshGate } from "../components/networking/mesh-gate.plan.ts";
import { tailnetOf } from "../components/networking/tailnet.plan.ts";
import {
  COOLIFY_NETWORK,
  coolifyBackupPlan,
  coolifyUnit,
} from "../components/paas/coolify.plan.ts";
import { folderGate, NAS_FOLDERS, usesNfs } from "../components/storage/nas-folders.plan.ts";
import { sambaPlan } from "../components/storage/samba.plan.ts";
import { syncthingPlan } from "../components/storage/syncthing.plan.ts";
import type { AppPlan, HostDeclaration, NeededProgram } from "../model/declaration.ts";
import type { Site } from "../model/site.ts";

/** Networks of the NAS. They belong to the host, so stacks may use each other's freely. */
const NETWORKS = ["backup-net", "git-net", "storage-net", "monitoring-net"] as const;

/** Those that the household's own app adds: Coolify's installer makes its network by itself. */
const JAVYA_NETWORKS = [COOLIFY_NETWORK, "javya-net"] as const;

/** Folders that containers of the NAS itself work on; the others are only handed to the Docker VM. */
const SERVED_FOLDERS = [
  NAS_FOLDERS.repositories,
  NAS_FOLDERS.forgejo,
  NAS_FOLDERS.data,
  NAS_FOLDERS.sync,
  NAS_FOLDERS.media,
  NAS_FOLDERS.downloads,
];

const NFS_SERVER: NeededProgram = {
  path: "/usr/sbin/exportfs",
  package: "nfs-kernel-server",
  why: "hands the NAS's folders to the Docker VM",
};

/** The NAS's apps in start order: the backup server first, every other host's jobs need it. */
export function nasApps(site: Site) {
  return {
    resticRest: resticRestPlan(site, { host: "nas" }),
    offsiteSync: offsiteSyncPlan(site),
    forgejo: forgejoPlan(site),
    samba: sambaPlan(site),
    syncthing: syncthingPlan(site),
    glances: glancesPlan(site),
    coolifyBackup: coolifyBackupPlan(site),
    ...(site.javya && { javya: javyaPlan(site, site.javya) }),
  } satisfies Record<string, AppPlan>;
}

/** The whole NAS as data. No service here is watched for updates: Watchtower is on the Docker VM. */
export function nasHost(site: Site, apps: Readonly<Record<string, AppPlan>>): HostDeclaration {
  const plans = Object.values(apps);
  const services = plans.flatMap((plan) => plan.services);
  return {
    host: "nas",
    networks: [...NETWORKS, ...(site.javya ? JAVYA_NETWORKS : [])].map((name) => ({ name })),
    volumes: plans.flatMap((plan) => plan.volumes),
    gates: [...SERVED_FOLDERS.map(folderGate), meshGate(site, "nas")],
    ...(usesNfs(site) && { programs: [NFS_SERVER] }),
    services,
    externals: [coolifyUnit(site, [{ host: "nas", services }])],
    ...tailnetOf(site),
  };
}
