import { offsiteSync } from "../components/backup/offsite-sync.plan.ts";
import { resticRest } from "../components/backup/restic-rest.plan.ts";
import { forgejo } from "../components/git/forgejo.plan.ts";
import { javya } from "../components/javya/javya.plan.ts";
import { reporting, reportingSecrets } from "../components/monitoring/control-plane.plan.ts";
import { glances } from "../components/monitoring/glances.plan.ts";
import { meshGate } from "../components/networking/mesh-gate.plan.ts";
import { tailnetOf } from "../components/networking/tailnet.plan.ts";
import { coolifyBackup, coolifyUnit } from "../components/paas/coolify.plan.ts";
import { folderGate, NAS_FOLDERS, usesNfs } from "../components/storage/nas-folders.plan.ts";
import { samba } from "../components/storage/samba.plan.ts";
import { syncthing } from "../components/storage/syncthing.plan.ts";
import type { HostDeclaration, NeededProgram } from "../model/declaration.ts";
import type { Site } from "../model/site.ts";
import { knownOf, partsOf, phase, volumesInOrder, type Phase } from "./phase.ts";

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

/**
 * The NAS's apps in start order: the backup server first, every other host's jobs need it.
 * @param known what is declared on all hosts, for the apps that are configured from the others
 */
export function nasApps(site: Site, known: readonly HostDeclaration[]): Phase[] {
  const { volumes } = knownOf(known, "nas");
  return [
    phase(2, {
      "restic-rest": resticRest(site, { host: "nas" }),
      "offsite-sync": offsiteSync(site),
      forgejo: forgejo(site),
      samba: samba(site),
      syncthing: syncthing(site),
      glances: glances(site),
      "coolify-backup": coolifyBackup(site, { volumes: volumesInOrder(volumes, COPIED_FIRST) }),
      ...(site.javya && { javya: javya(site, site.javya) }),
    }),
  ];
}

/** The whole NAS as data. No service here is watched for updates: Watchtower is on the Docker VM. */
export function nasHost(site: Site, phases: readonly Phase[]): HostDeclaration {
  const parts = partsOf(phases);
  return {
    host: "nas",
    gates: [...SERVED_FOLDERS.map(folderGate), meshGate(site, "nas")],
    ...(usesNfs(site) && { programs: [NFS_SERVER] }),
    ...parts,
    secrets: { ...parts.secrets, ...reportingSecrets(site, "nas") },
    externals: [coolifyUnit(site, [{ host: "nas", services: parts.services }], { at: "tajy" })],
    ...tailnetOf(site),
    ...reporting(site, "nas"),
  };
}
