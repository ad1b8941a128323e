import type { Site } from "../../model/site.ts";

/** One folder that the NAS's own NFS server hands to the network. */
export interface NfsExport {
  readonly path: string;
  /** Address or network that may mount it. */
  readonly client: string;
  readonly options: string;
}

const COMMON = "sync,no_subtree_check";

/**
 * What the NAS exports. Two differ from the original: media is writable, since Sonarr and Radarr
 * put files there, and photos is listed, since Immich cannot run without it.
 */
export function nfsExports(site: Site): NfsExport[] {
  const dockerVm = site.hosts["docker-vm"].lan;
  const network = `${dockerVm.split(".").slice(0, 3).join(".")}.0/24`;
  return [
    { path: "/srv/frigate", client: dockerVm, options: `rw,${COMMON},no_root_squash` },
    { path: "/srv/media", client: dockerVm, options: `rw,${COMMON}` },
    { path: "/srv/downloads", client: network, options: `rw,${COMMON}` },
    { path: "/srv/backup", client: network, options: `rw,${COMMON}` },
    { path: "/srv/photos", client: dockerVm, options: `rw,${COMMON}` },
  ];
}

/** The exports as a file below /etc/exports.d. */
export function nfsExportsFile(exports: readonly NfsExport[]): string {
  return exports.map(({ path, client, options }) => `${path} ${client}(${options})\n`).join("");
}
