import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import {
  DOWNLOADS_MOUNT,
  MEDIA_MOUNT,
  NEEDS_DOWNLOADS,
  NEEDS_MEDIA,
  servarr,
} from "./servarr.plan.ts";

/** Radarr. */
export function radarrPlan(site: Site): AppPlan {
  return {
    services: [
      servarr(site, {
        name: "radarr",
        image: "lscr.io/linuxserver/radarr:6.0.4",
        port: 7878,
        route: "taanga",
        mounts: [MEDIA_MOUNT, DOWNLOADS_MOUNT],
        requires: [
          { on: "prowlarr", condition: "healthy", strength: "hard", why: "brings its indexers" },
          { on: "qbittorrent", condition: "started", strength: "soft", why: "downloads for it" },
          NEEDS_MEDIA,
          NEEDS_DOWNLOADS,
        ],
        memory: "1GiB",
        cpus: 1,
        title: "Radarr",
        description: "Films",
      }),
    ],
    volumes: [{ name: "radarr-config" }],
  };
}
