import { copyServer } from "../components/backup/copy-server.plan.ts";
import { offsiteSync } from "../components/backup/offsite-sync.plan.ts";
import type { BackupProgram } from "../components/backup/program.ts";
import { forgejo } from "../components/git/forgejo.plan.ts";
import { javya } from "../components/javya/javya.plan.ts";
import { glances } from "../components/monitoring/glances.plan.ts";
import { NTFY_TOPICS } from "../components/monitoring/ntfy.plan.ts";
import { HEADSCALE_COPIES } from "../components/networking/headscale-backup.plan.ts";
import { COOLIFY_NETWORK, coolifyBackup, coolifyUnit } from "../components/paas/coolify.plan.ts";
import { folderGate, usesNfs } from "../components/core/nas-folders.plan.ts";
import { samba } from "../components/storage/samba.plan.ts";
import { syncthing } from "../components/storage/syncthing.plan.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import type { NeededProgram } from "../model/declared-machine.ts";
import type { Site } from "../model/site.ts";
import { NAS_FOLDERS } from "./folders.ts";
import type { HouseholdHost } from "./household-host.ts";
import { knownOf, phase, volumesInOrder, type Phase } from "./phase.ts";

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

/** Copied by Coolify's job before what other apps leave to it. */
const COPIED_FIRST = ["syncthing-config", "rclone-config"];

/** The backup server first: every other host's jobs need it. */
function apps(site: Site, known: readonly HostDeclaration[], backup: BackupProgram): Phase[] {
  const { volumes } = knownOf(known, "nas");
  return [
    phase(2, {
      ...copyServer(backup, site, { host: "nas" }),
      "offsite-sync": offsiteSync(site, {
        sent: backup.sent,
        disk: NAS_FOLDERS.repositories,
        topics: { good: NTFY_TOPICS.info, bad: NTFY_TOPICS.critical },
        headscaleCopies: HEADSCALE_COPIES,
      }),
      forgejo: forgejo(site, {
        data: NAS_FOLDERS.forgejo,
        alsoCopied: [NAS_FOLDERS.data, NAS_FOLDERS.sync],
      }),
      samba: samba(site, { shares: [NAS_FOLDERS.media, NAS_FOLDERS.data, NAS_FOLDERS.downloads] }),
      syncthing: syncthing(site, { folder: NAS_FOLDERS.sync }),
      glances: glances(site),
      "coolify-backup": coolifyBackup(site, { volumes: volumesInOrder(volumes, COPIED_FIRST) }),
      ...(site.javya && { javya: javya(site, { ...site.javya, proxyNetwork: COOLIFY_NETWORK }) }),
    }),
  ];
}

/** The NAS. No service here is watched for updates: Watchtower is on the Docker VM. */
export const nas: HouseholdHost = {
  apps,
  gates: () => SERVED_FOLDERS.map(folderGate),
  more: (site, { services }) => ({
    ...(usesNfs(site) && { programs: [NFS_SERVER] }),
    externals: [coolifyUnit(site, [{ host: "nas", services }], { at: "tajy" })],
  }),
};
