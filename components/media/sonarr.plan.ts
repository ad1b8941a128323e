import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import {
  DOWNLOADS_MOUNT,
  MEDIA_MOUNT,
  NEEDS_DOWNLOADS,
  NEEDS_MEDIA,
  servarr,
} from "./servarr.plan.ts";

/** Sonarr. */
export function sonarrPlan(site: Site): AppPlan {
  return {
    services: [
      servarr(site, {
        name: "sonarr",
        image: "lscr.io/linuxserver/sonarr:4.0.16",
        port: 8989,
        route: "japysaka",
        mounts: [MEDIA_MOUNT, DOWNLOADS_MOUNT],
        requires: [
          { on: "prowlarr", condition: "healthy", strength: "hard", why: "brings its indexers" },
          { on: "qbittorrent", condition: "started", strength: "soft", why: "downloads for it" },
          NEEDS_MEDIA,
          NEEDS_DOWNLOADS,
        ],
        memory: "1GiB",
        cpus: 1,
        title: "Sonarr",
        description: "Series",
      }),
    ],
    volumes: [{ name: "sonarr-config" }],
  };
}
