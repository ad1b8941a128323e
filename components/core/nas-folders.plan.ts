import type { GateDeclaration } from "../../model/declared-machine.ts";
import type { Requirement } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { FOLDERS, HOME_HAS_THE_FOLDERS } from "./shared-folder.plan.ts";

/** A folder of the NAS that this homelab keeps something in. */
export interface NasFolder {
  /** Name of its gate, e.g. "folder-data". */
  readonly gate: string;
  readonly path: string;
  /** "uid:gid" it is made with, once. Somebody else's folder is never changed. */
  readonly owner: string;
  /** Octal, made with once. */
  readonly mode: string;
  /** Whether its writers fail where it belongs to somebody else; root's never do. */
  readonly ownerMatters: boolean;
}

/** Who writes the household's files: Samba, Syncthing and the media apps all run as this user. */
export const HOUSEHOLD = "1000:1000";

const ofHousehold = (name: string, mode: string): NasFolder => ({
  gate: `folder-${name}`,
  path: `${FOLDERS}/${name}`,
  owner: HOUSEHOLD,
  mode,
  ownerMatters: true,
});

const ofRoot = (name: string, path: string, mode: string): NasFolder => ({
  gate: `folder-${name}`,
  path,
  owner: "0:0",
  mode,
  ownerMatters: false,
});

/**
 * Every folder below /srv. Most may lie on a disk of their own; each carries a marker, without
 * which nothing starts on it (docs/adr/0020-who-owns-the-nas-folders.md).
 */
export const NAS_FOLDERS = {
  media: ofHousehold("media", "0775"),
  downloads: ofHousehold("downloads", "0775"),
  photos: ofHousehold("photos", "0770"),
  data: ofHousehold("data", "0770"),
  sync: ofHousehold("sync", "0770"),
  /** Its start script gives what is in it to its own user, who has the same number. */
  forgejo: { ...ofHousehold("forgejo", "0770"), ownerMatters: false },
  /** Frigate's container runs as root. */
  frigate: ofRoot("frigate", `${FOLDERS}/frigate`, "0755"),
  /** Every backup repository. Nobody but the REST server and the off-site job has a way in. */
  repositories: ofRoot("repositories", `${FOLDERS}/backup/restic`, "0700"),
} as const satisfies Record<string, NasFolder>;

/** The gate of a folder: whether it is the one that was made, and not the empty place below it. */
export function folderGate({ gate, path }: NasFolder): GateDeclaration {
  return {
    name: gate,
    kind: "folder",
    path,
    remedy: `mount the disk of ${path}, then: systemctl restart docker-boot-orchestrator (or pulumi up -s ${hostWith("storage")}). If it is a new disk that is to start empty: rm ${folderRecord(path)}, then pulumi up -s ${hostWith("storage")}`,
  };
}

/** What somebody says who keeps data in a folder of the NAS. */
export function needsFolder({ gate }: NasFolder): Requirement {
  return {
    on: `gate:${gate}`,
    condition: "healthy",
    strength: "hard",
    why: "with its disk away it would fill the system's disk, and take an empty folder for its data",
  };
}

/** Where the NAS notes that a folder was made, so that it is not made anew below a missing disk. */
export function folderRecord(path: string): string {
  return `/opt/homelab/state/folders/${path.slice(1).replaceAll("/", "-")}`;
}

/** Whether the home mounts the storage's folders by NFS; sshfs needs no NFS at either end. */
export function usesNfs(site: Site): boolean {
  return !HOME_HAS_THE_FOLDERS && site.nasMounts.type !== "fuse.sshfs";
}
