import type { Site } from "../../model/site.ts";
import { MEDIA_STACK, mediaMount, needsMedia, type MediaFolder } from "./servarr.plan.ts";
import { JELLYFIN_10_9_IMAGE } from "./jellyfin.image.ts";
import { app } from "../../model/app.ts";
import type { ReachedAt } from "../edge/routes.plan.ts";

/**
 * Jellyfin, which plays the NAS's films and series. Needs the NAS's media, and uses the graphics
 * device where there is one.
 */
export function jellyfin(site: Site, { at = "jellyfin", media }: ReachedAt & MediaFolder) {
  return app({
    type: "homelab:media:Jellyfin",
    exposes: {
      /** Web page and API. */
      server: "jellyfin",
    },
    images: [JELLYFIN_10_9_IMAGE],
    networks: [{ name: "media-net" }],
    services: [
      {
        ...MEDIA_STACK,
        name: "jellyfin",
        image: JELLYFIN_10_9_IMAGE.reference,
        env: {
          TZ: site.timezone,
          JELLYFIN_PublishedServerUrl: `https://${at}.${site.domain}`,
        },
        networks: [{ name: "media-net" }],
        ports: [{ bind: "0.0.0.0", host: 8096, container: 8096, protocol: "tcp" }],
        mounts: [
          { kind: "volume", volume: "jellyfin-config", target: "/config" },
          { kind: "volume", volume: "jellyfin-cache", target: "/cache" },
          { ...mediaMount({ media }), readOnly: true },
        ],
        health: {
          test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://localhost:8096/health"],
          startPeriod: "60s",
        },
        limits: { memory: "4GiB", cpus: 2 },
        capabilities: ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"],
        devices: ["/dev/dri"],
        groups: site.renderGroups,
        logs: { maxSize: "20MiB", maxFiles: 3 },
        requires: [
          needsMedia({ media }),
          {
            on: "gate:dri",
            condition: "healthy",
            strength: "soft",
            why: "without it, transcoding runs on the processor",
          },
        ],
        category: "media",
        watchUpdates: true,
        routes: [{ name: at, port: 8096 }],
        probes: [
          {
            name: "Jellyfin",
            kind: "http",
            target: `https://${at}.{domain}/health`,
            interval: "5m",
            tier: "info",
          },
        ],
        tile: {
          group: "Media",
          title: "Jellyfin",
          description: "Films and series",
          icon: "jellyfin.png",
        },
      },
    ],
    volumes: [
      {
        name: "jellyfin-config",
        copied: {
          at: "/data/jellyfin",
          databases: ["data/jellyfin.db", "data/library.db"],
          // Both come back by themselves.
          excludes: ["/log", "/data/metadata"],
        },
      },
      { name: "jellyfin-cache", notCopied: "pictures and converted films, made anew" },
    ],
  });
}
