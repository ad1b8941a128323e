import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { HOUSEHOLD, NAS_FOLDERS } from "../core/nas-folders.plan.ts";

/** Name of a folder that others may mount. */
export type ExportedFolder = "frigate" | "media" | "downloads" | "photos";

/** One folder that the NAS's own NFS server hands to the Docker VM. */
export interface NfsExport {
  /** Name under which the Docker VM mounts it. */
  readonly name: ExportedFolder;
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

/**
 * Whoever comes is the household's user: its own writers have that number anyway, and root (who
 * Jellyfin and Immich run as, to read) sees what that user sees and can spoil nothing else.
 */
const [UID, GID] = HOUSEHOLD.split(":");
const AS_HOUSEHOLD = `${COMMON},all_squash,anonuid=${UID},anongid=${GID}`;

/**
 * What the NAS exports. Differences from the
 * original: media is writable, since Sonarr and Radarr put files there; photos is listed, since
 * Immich cannot run without it; backup is not, since restic's REST server is the only door to the
 * copies; and the Docker VM alone may come, since the household's computers have Samba.
 */
export function nfsExports(site: Site): NfsExport[] {
  const client = site.hosts[hostWith("home")].lan;
  const exported = (name: ExportedFolder, options: string) => {
    const { path, owner } = NAS_FOLDERS[name];
    return { name, path, owner, client, options };
  };
  return [
    // Root stays root: Frigate runs as root and keeps its folders to itself.
    { ...exported("frigate", `${COMMON},no_root_squash`), writer: "0:0" },
    { ...exported("media", AS_HOUSEHOLD), writer: HOUSEHOLD },
    { ...exported("downloads", AS_HOUSEHOLD), writer: HOUSEHOLD },
    exported("photos", AS_HOUSEHOLD),
  ];
}

/** The exports as a file below /etc/exports.d. */
export function nfsExportsFile(exports: readonly NfsExport[]): string {
  return exports.map(({ path, client, options }) => `${path} ${client}(${options})\n`).join("");
}
