import type { CopyJob } from "../../model/copy-job.ts";
import type { FileDeclaration } from "../../model/declared-files.ts";
import type { VolumeDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { vpsJob } from "../backup/vps-backup.plan.ts";
import {
  copyHealthScript,
  copyScript,
  type HeadscaleCopiesSettings,
} from "./headscale-copies.plan.ts";

/** Folder of the VPS with the hourly copies. The off-site job fetches them from here. */
export const HEADSCALE_COPIES = "/opt/homelab/headscale/backups";

/** Group of the person who logs in to the VPS; reads the copies to fetch them. */
const LOGIN_GROUP = 1000;

/** What the VPS's backup container has to know. */
export interface HeadscaleBackupArgs {
  readonly stack: string;
  /** Headscale's own files, which go into the hourly copy. */
  readonly files: readonly FileDeclaration[];
  /** Volumes of the VPS: those that say how are copied. */
  readonly volumes: readonly VolumeDeclaration[];
}

/**
 * The VPS's one backup container: each hour a copy of Headscale beside it, which needs nobody
 * else, and each night a copy of everything the VPS keeps to the NAS, over the mesh
 * (docs/adr/0013-who-copies-what.md).
 */
export function headscaleBackup(site: Site, args: HeadscaleBackupArgs): CopyJob {
  const copies: HeadscaleCopiesSettings = {
    data: "/data/headscale",
    config: "/etc/headscale",
    copies: "/backups",
    keepHours: 720,
    readers: LOGIN_GROUP,
    timezone: site.timezone,
  };
  return vpsJob({
    name: "headscale-backup",
    stack: args.stack,
    network: "headscale-net",
    volumes: args.volumes,
    requires: [
      { on: "headscale", condition: "started", strength: "hard", why: "copies its database" },
    ],
    also: {
      crontab: ["0 * * * * /bin/sh /homelab/copy.sh"],
      files: [
        ...args.files,
        {
          target: "/homelab/copy.sh",
          content: { kind: "text", text: copyScript(copies) },
          // A person runs it by its name, too.
          mode: "0555",
        },
        { target: "/homelab/health.sh", content: { kind: "text", text: copyHealthScript(copies) } },
      ],
      mounts: [
        {
          kind: "bind",
          source: HEADSCALE_COPIES,
          target: copies.copies,
          notCopied: "copies of headscale-data, which the nightly job copies itself",
        },
      ],
      check: "/bin/sh /homelab/health.sh",
      // The hourly copies go to a group of the host.
      capabilities: ["CHOWN"],
    },
  });
}
