import { hasRole, hostWith } from "../../model/host-names.ts";

/** Folder of the storage that holds all that it keeps for the household. */
export const FOLDERS = "/srv";

/** Where the home mounts the storage's folders, each below its own name. */
export const MOUNT_GROUND = `/mnt/${hostWith("storage")}`;

/** Whether the home has its folders itself, as a household of two hosts may: nothing is mounted then. */
export const HOME_HAS_THE_FOLDERS = hasRole(hostWith("storage"), "home");

/** A folder of the storage, as the apps of the home find it. */
export interface SharedFolder {
  readonly path: string;
  /** The gate behind which it is, as a requirement names it, e.g. "gate:nas-media". */
  readonly gate: string;
}

/**
 * A folder of the storage, as the apps of the home find it: mounted, or where it lies.
 * @param name e.g. "media"
 */
export function sharedFolder(name: string): SharedFolder {
  return HOME_HAS_THE_FOLDERS
    ? { path: `${FOLDERS}/${name}`, gate: `gate:folder-${name}` }
    : { path: `${MOUNT_GROUND}/${name}`, gate: `gate:${mountGateName(name)}` };
}

/** Name of the gate of a mounted folder, e.g. "nas-media". */
export function mountGateName(name: string): string {
  return `${hostWith("storage")}-${name}`;
}
