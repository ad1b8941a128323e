// What the NAS exports and how the Docker VM gets in; see mounts.ts for how it is mounted.

/** Folders below /srv that the NAS exports. */
export const EXPORTS = ["frigate", "media", "downloads", "photos", "backup"] as const;

/** On the Docker VM: the key that opens the NAS's exports and nothing else there. */
export const EXPORT_KEY_PATH = "/root/.ssh/nas-exports";

/** On the Docker VM: the NAS's pinned host key. */
export const EXPORT_KNOWN_HOSTS_PATH = "/root/.ssh/nas-known-hosts";
