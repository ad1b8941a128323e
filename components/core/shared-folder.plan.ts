import { hasRole, hostWith } from "../../model/host-names.ts";

/** Folder of the storage that holds all that it keeps for the household. */
export const FOLDERS = "/srv";

/** Where the home mounts the storage's folders, each below its own name. */
export const MOUNT_GROUND = `/mnt/${hostWith("storage")}`;

/** Whether the home has its folders itself, as a household of two hosts may: nothing is mounted then. */
export const HOME_HAS_THE_FOLDERS = hasRole(hostWith("storage"), "home");

/** A folder of the storage, as it lies there. */
export interface KeptFolder {
  /** Unique, e.g. "media"; the home mounts it under this name. */
  readonly name: string;
  readonly path: string;
  /** Why no job copies it. @default one does */
  readonly notCopied?: string;
}

/** A folder of the storage, as the apps of the home find it. */
export interface SharedFolder {
  readonly path: string;
  /** The gate behind which it is, as a requirement names it, e.g. "gate:nas-media". */
  readonly gate: string;
  /** Why no job copies it. @default one does */
  readonly notCopied?: string;
}

/** A folder of the storage, as the apps of the home find it: mounted, or where it lies. */
export function sharedFolder({
  name,
  path,
  gate,
  notCopied,
}: KeptFolder & { readonly gate: string }): SharedFolder {
  return {
    ...(HOME_HAS_THE_FOLDERS
      ? { path, gate: `gate:${gate}` }
      : { path: `${MOUNT_GROUND}/${name}`, gate: `gate:${mountGateName(name)}` }),
    ...(notCopied === undefined ? {} : { notCopied }),
  };
}

/** Name of the gate of a mounted folder, e.g. "nas-media". */
export function mountGateName(name: string): string {
  return `${hostWith("storage")}-${name}`;
}
