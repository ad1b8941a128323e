import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { servarr, SORTS_DOWNLOADS } from "./servarr.plan.ts";

/** Sonarr. */
export function sonarrPlan(site: Site): AppPlan {
  return {
    services: [
      servarr(site, {
        name: "sonarr",
        image: "lscr.io/linuxserver/sonarr:4.0.16",
        port: 8989,
        route: "japysaka",
        ...SORTS_DOWNLOADS,
        memory: "1GiB",
        cpus: 1,
        title: "Sonarr",
        description: "Series",
      }),
    ],
    volumes: [{ name: "sonarr-config" }],
  };
}
