// The NAS's exports on the Docker VM. This kind of computer has no NFS in its kernel, so the network
// mount is sshfs: a FUSE file system over the same link, with the same ways to fail. The stack
// writes the mount units; this file knows what must be in them.

/** Folders below /srv that the NAS exports. */
export const EXPORTS = ["frigate", "media", "downloads", "photos", "backup"] as const;

/** Name of an export. */
export type ExportName = (typeof EXPORTS)[number];

/** On the Docker VM: the key that opens the NAS's exports, and the NAS's pinned host key. */
export const EXPORT_KEY_PATH = "/root/.ssh/nas-exports";
export const EXPORT_KNOWN_HOSTS_PATH = "/root/.ssh/nas-known-hosts";
