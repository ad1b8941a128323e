import type { Site } from "../../model/site.ts";
import {
  LINUXSERVER_CAPABILITIES,
  MEDIA_STACK,
  MEDIA_USER,
  downloadsMount,
  needsDownloads,
  type DownloadsFolder,
} from "./servarr.plan.ts";
import { QBITTORRENT_5_1_IMAGE } from "./qbittorrent.image.ts";
import { app } from "../../model/app.ts";

/**
 * Port of the page, inside and outside alike: it refuses a request whose Host header names another
 * port than its own (README of linuxserver/docker-qbittorrent, "WEBUI_PORT variable").
 */
const WEB = 8081;

/** qBittorrent, the download client. Needs the NAS's downloads. */
export function qbittorrent(site: Site, { downloads }: DownloadsFolder) {
  return app({
    type: "homelab:media:QBittorrent",
    exposes: {
      /** Client and its web page. */
      client: "qbittorrent",
    },
    images: [QBITTORRENT_5_1_IMAGE],
    networks: [{ name: "media-net" }],
    services: [
      {
        ...MEDIA_STACK,
        name: "qbittorrent",
        image: QBITTORRENT_5_1_IMAGE.reference,
        env: { TZ: site.timezone, ...MEDIA_USER, WEBUI_PORT: String(WEB) },
        networks: [{ name: "media-net" }],
        ports: [
          { bind: "127.0.0.1", host: WEB, container: WEB, protocol: "tcp" },
          { bind: "0.0.0.0", host: 6881, container: 6881, protocol: "tcp" },
          { bind: "0.0.0.0", host: 6881, container: 6881, protocol: "udp" },
        ],
        mounts: [
          { kind: "volume", volume: "qbittorrent-config", target: "/config" },
          downloadsMount({ downloads }),
        ],
        health: {
          // Its API asks for a login, so the page itself is the probe.
          test: ["CMD", "curl", "-fsS", "-o", "/dev/null", `http://localhost:${WEB}/`],
          startPeriod: "60s",
        },
        limits: { memory: "2GiB", cpus: 2 },
        capabilities: LINUXSERVER_CAPABILITIES,
        requires: [needsDownloads({ downloads })],
        category: "media",
        watchUpdates: true,
      },
    ],
    volumes: [{ name: "qbittorrent-config", copied: { at: "/data/qbittorrent" } }],
  });
}
