import type { FileDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { RESTIC_PORT } from "../backup/restic-rest.plan.ts";
import { RESTIC_ACCOUNTS, resticSidecar } from "../core/restic-sidecar.plan.ts";
import {
  copyHealthScript,
  copyScript,
  type HeadscaleCopiesSettings,
} from "./headscale-copies.plan.ts";

/**
 * Folder of the VPS with the hourly copies. The off-site job fetches them from here; in the
 * original the two sides named different folders.
 */
export const HEADSCALE_COPIES = "/opt/homelab/headscale/backups";

/** Group of the person who logs in to the VPS; reads the copies to fetch them. */
const LOGIN_GROUP = 1000;

/** What the VPS's backup container has to know. */
export interface HeadscaleBackupArgs {
  readonly stack: string;
  readonly phase: number;
  /** Headscale's own files, which go into the hourly copy. */
  readonly files: readonly FileDeclaration[];
}

/**
 * The VPS's one backup container: each hour a copy of Headscale beside it, which needs nobody
 * else, and each night a copy of everything the VPS keeps to the NAS, over the mesh
 * (docs/adr/0013-who-copies-what.md).
 */
export function headscaleBackup(site: Site, args: HeadscaleBackupArgs): ServiceDeclaration {
  const copies: HeadscaleCopiesSettings = {
    data: "/data/headscale",
    config: "/etc/headscale",
    copies: "/backups",
    keepHours: 720,
    readers: LOGIN_GROUP,
    timezone: site.timezone,
  };
  const sidecar = resticSidecar(site, {
    name: "headscale-backup",
    stack: args.stack,
    phase: args.phase,
    networks: ["headscale-net"],
    repository: "vps",
    schedule: "15 1 * * *",
    data: [
      { volume: "headscale-data", target: "/data/headscale" },
      { volume: "adguard-conf", target: "/data/adguard" },
      { volume: "caddy-data", target: "/data/caddy" },
      { volume: "derp-data", target: "/data/derp" },
      { volume: "uptime-kuma-data", target: "/data/uptime-kuma" },
      { volume: "ntfy-config", target: "/data/ntfy" },
      { volume: "changedetection-data", target: "/data/changedetection" },
    ],
    sqlite: ["/data/headscale/db.sqlite", "/data/uptime-kuma/kuma.db", "/data/ntfy/user.db"],
    account: RESTIC_ACCOUNTS.vps,
    // Not from the nas stack, which is deployed after this one.
    address: `${site.hosts.nas.mesh}:${RESTIC_PORT}`,
    afterServer: false,
    requires: [
      { on: "headscale", condition: "started", strength: "hard", why: "copies its database" },
    ],
    watchUpdates: false,
  });
  const crontab = (sidecar.files ?? []).flatMap(({ target, content }) =>
    target === "/etc/crontabs/root" && content.kind === "text" ? [content.text] : [],
  );
  return {
    ...sidecar,
    mounts: [
      ...(sidecar.mounts ?? []),
      {
        kind: "bind",
        source: HEADSCALE_COPIES,
        target: copies.copies,
        notCopied: "copies of headscale-data, which the nightly job copies itself",
      },
    ],
    files: [
      ...(sidecar.files ?? []).filter(({ target }) => target !== "/etc/crontabs/root"),
      ...args.files,
      { target: "/homelab/copy.sh", content: { kind: "text", text: copyScript(copies) } },
      { target: "/homelab/health.sh", content: { kind: "text", text: copyHealthScript(copies) } },
      {
        target: "/etc/crontabs/root",
        content: { kind: "text", text: `0 * * * * /bin/sh /homelab/copy.sh\n${crontab.join("")}` },
        owner: "0:0",
      },
    ],
    health: {
      ...sidecar.health,
      test: ["CMD-SHELL", "/bin/sh /homelab/health.sh && /bin/sh /backup-health.sh"],
    },
    // The hourly copies go to a group of the host.
    capabilities: ["CHOWN", ...(sidecar.capabilities ?? [])],
  };
}
