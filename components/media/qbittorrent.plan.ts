import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { DOWNLOADS_MOUNT, MEDIA_STACK, MEDIA_USER, NEEDS_DOWNLOADS } from "./servarr.plan.ts";

/** qBittorrent; its page is reached on the host only, it has no route on purpose. */
export function qbittorrentPlan(site: Site): AppPlan {
  return {
    services: [
      {
        ...MEDIA_STACK,
        name: "qbittorrent",
        image: "lscr.io/linuxserver/qbittorrent:5.1.4",
        env: { TZ: site.timezone, ...MEDIA_USER, WEBUI_PORT: "8080" },
        networks: [{ name: "media-net" }],
        ports: [
          { bind: "127.0.0.1", host: 8081, container: 8080, protocol: "tcp" },
          { bind: "0.0.0.0", host: 6881, container: 6881, protocol: "tcp" },
          { bind: "0.0.0.0", host: 6881, container: 6881, protocol: "udp" },
        ],
        mounts: [
          { kind: "volume", volume: "qbittorrent-config", target: "/config" },
          DOWNLOADS_MOUNT,
        ],
        health: {
          // Its API asks for a login, so the page itself is the probe.
          test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://localhost:8080/"],
          startPeriod: "60s",
        },
        limits: { memory: "2GiB", cpus: 2 },
        capabilities: ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"],
        requires: [NEEDS_DOWNLOADS],
        category: "media",
        watchUpdates: true,
      },
    ],
    volumes: [{ name: "qbittorrent-config" }],
  };
}
