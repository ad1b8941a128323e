import { MOUNT_GROUND } from "../components/core/shared-folder.plan.ts";
import { mediaFolders } from "../components/security/frigate-config.plan.ts";
import { CAMERAS } from "./cameras.ts";
import { NAS_FOLDERS } from "./folders.ts";

/**
 * Empty folders on the ground below the mounts, for who starts without its mount: Frigate ends
 * where it finds none of its own and can make none.
 */
export const GROUND_FOLDERS = mediaFolders(CAMERAS).map(
  (folder) => `${MOUNT_GROUND}/${NAS_FOLDERS.frigate.name}/${folder}`,
);
