import { householdFolder, rootFolder } from "../components/core/nas-folders.plan.ts";
import type { ExportedFolder } from "../components/storage/nfs-exports.plan.ts";

/**
 * Every folder below /srv. Most may lie on a disk of their own; each carries a marker, without
 * which nothing starts on it (docs/adr/0020-who-owns-the-nas-folders.md).
 */
export const NAS_FOLDERS = {
  media: householdFolder("media", "0775", "films and series, which can be got again"),
  downloads: householdFolder("downloads", "0775", "on their way to media"),
  photos: householdFolder("photos", "0770"),
  data: householdFolder("data", "0770"),
  sync: householdFolder("sync", "0770"),
  /** Its start script gives what is in it to its own user, who has the same number. */
  forgejo: { ...householdFolder("forgejo", "0770"), ownerMatters: false },
  /** Frigate's container runs as root. */
  frigate: rootFolder("frigate", "0755"),
  /** Every backup repository. Nobody but their server and the off-site job has a way in. */
  repositories: rootFolder("repositories", "0700", "backup/restic"),
} as const;

/**
 * Those that the home mounts. Sonarr and Radarr put files into media; Immich only reads photos.
 * The copies are not among them: their server is the only door to them.
 */
export const EXPORTED_FOLDERS: readonly ExportedFolder[] = [
  { folder: NAS_FOLDERS.frigate, written: true },
  { folder: NAS_FOLDERS.media, written: true },
  { folder: NAS_FOLDERS.downloads, written: true },
  { folder: NAS_FOLDERS.photos, written: false },
];
