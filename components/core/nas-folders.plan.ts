import type { GateDeclaration } from "../../model/declared-machine.ts";
import type { Requirement } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { FOLDERS, HOME_HAS_THE_FOLDERS, type KeptFolder } from "./shared-folder.plan.ts";

/** A folder of the NAS in which a household keeps something. */
export interface NasFolder extends KeptFolder {
  /** Name of its gate, e.g. "folder-data". */
  readonly gate: string;
  /** "uid:gid" it is made with, once. Somebody else's folder is never changed. */
  readonly owner: string;
  /** Octal, made with once. */
  readonly mode: string;
  /** Whether its writers fail where it belongs to somebody else; root's never do. */
  readonly ownerMatters: boolean;
}

/** Who writes the household's files: Samba, Syncthing and the media apps all run as this user. */
export const HOUSEHOLD = "1000:1000";

/**
 * A folder below /srv that the household's user writes.
 * @param name e.g. "media"
 * @param mode octal, e.g. "0775"
 * @param notCopied why no job copies it. @default a job does
 */
export function householdFolder(name: string, mode: string, notCopied?: string): NasFolder {
  const path = `${FOLDERS}/${name}`;
  const why = notCopied === undefined ? {} : { notCopied };
  return {
    name,
    gate: `folder-${name}`,
    path,
    owner: HOUSEHOLD,
    mode,
    ownerMatters: true,
    ...why,
  };
}

/**
 * A folder below /srv that root writes.
 * @param name e.g. "frigate"
 * @param mode octal, e.g. "0755"
 * @param below path of it below /srv. @default its name
 */
export function rootFolder(name: string, mode: string, below: string = name): NasFolder {
  const path = `${FOLDERS}/${below}`;
  return { name, gate: `folder-${name}`, path, owner: "0:0", mode, ownerMatters: false };
}

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
