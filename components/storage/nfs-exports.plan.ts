import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import type { NasFolder } from "../core/nas-folders.plan.ts";

/** A folder that the home mounts. */
export interface ExportedFolder {
  readonly folder: NasFolder;
  /** Whether anybody writes there over the mount, as its owner. */
  readonly written: boolean;
}

/** One folder that the NAS's own NFS server hands to the Docker VM. */
export interface NfsExport {
  /** Name under which the Docker VM mounts it. */
  readonly name: string;
  readonly path: string;
  /** "uid:gid" of who it belongs to on the NAS. */
  readonly owner: string;
  /** Address that may mount it. */
  readonly client: string;
  readonly options: string;
  /** "uid:gid" of who writes over it. @default nobody */
  readonly writer?: string;
}

const COMMON = "rw,sync,no_subtree_check";

/** The exports of folders: the home alone may come, since the household's computers have Samba. */
export function nfsExports(site: Site, exported: readonly ExportedFolder[]): NfsExport[] {
  const client = site.hosts[hostWith("home")].lan;
  return exported.map(({ folder: { name, path, owner }, written }) => ({
    ...{ name, path, owner, client, options: `${COMMON},${writesAs(owner)}` },
    ...(written ? { writer: owner } : {}),
  }));
}

/**
 * As whom the home writes. Root stays root where the folder is root's, who keeps it to itself. Else
 * whoever comes is the owner: its own writers have that number anyway, and root (who Jellyfin and
 * Immich run as, to read) sees what that user sees and can spoil nothing else.
 */
function writesAs(owner: string): string {
  const [uid, gid] = owner.split(":");
  return uid === "0" ? "no_root_squash" : `all_squash,anonuid=${uid},anongid=${gid}`;
}

/** The exports as a file below /etc/exports.d. */
export function nfsExportsFile(exports: readonly NfsExport[]): string {
  return exports.map(({ path, client, options }) => `${path} ${client}(${options})\n`).join("");
}
