import type { Site } from "../../model/site.ts";
import { needsFolder, type NasFolder } from "../core/nas-folders.plan.ts";
import { SYNCTHING_2_0_IMAGE } from "./syncthing.image.ts";
import { app } from "../../model/app.ts";

const WEB = 8384;
const SYNC = 22000;

/** Where Syncthing keeps what it keeps the same. */
export interface SyncthingArgs {
  readonly folder: NasFolder;
}

/** Syncthing: keeps folders of phones and laptops the same as those on the NAS. */
export function syncthing(site: Site, { folder }: SyncthingArgs) {
  return app({
    type: "homelab:storage:Syncthing",
    exposes: {
      /** The server; healthy once its own check says so. */
      server: "syncthing",
    },
    images: [SYNCTHING_2_0_IMAGE],
    networks: [{ name: "storage-net" }],
    services: [
      {
        name: "syncthing",
        stack: "storage",
        image: SYNCTHING_2_0_IMAGE.reference,
        env: { TZ: site.timezone, PUID: "1000", PGID: "1000" },
        networks: [{ name: "storage-net" }],
        // Not 21027/udp: in a container it finds nobody by local discovery (docs/guides/nas-apps.md).
        ports: [
          { bind: "127.0.0.1", host: WEB, container: WEB, protocol: "tcp" },
          { bind: "0.0.0.0", host: SYNC, container: SYNC, protocol: "tcp" },
          { bind: "0.0.0.0", host: SYNC, container: SYNC, protocol: "udp" },
        ],
        mounts: [
          { kind: "volume", volume: "syncthing-config", target: "/config" },
          { kind: "bind", source: folder.path, target: "/sync" },
        ],
        health: { test: ["CMD", "curl", "-f", `http://127.0.0.1:${WEB}/rest/noauth/health`] },
        limits: { memory: "512MiB", cpus: 1 },
        // KILL: s6-supervise stays root, and has to tell a process of uid 1000 to end.
        capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"],
        requires: [needsFolder(folder)],
        category: "storage",
        // docs.syncthing.net, Users, FAQ: how to increase the inotify limit.
        inotifyWatches: 204_800,
        // Not the web page's port, which is on the loopback.
        probes: [
          {
            name: "Syncthing",
            kind: "tcp",
            target: `{mesh}:${SYNC}`,
            interval: "300s",
            tier: "info",
          },
        ],
      },
    ],
    volumes: [
      // The identity by which the other devices know this one, and its folders.
      { name: "syncthing-config", neverLose: true, copied: { at: "/data/syncthing" } },
    ],
  });
}
