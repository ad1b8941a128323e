import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { servarr, SORTS_DOWNLOADS } from "./servarr.plan.ts";

/** Radarr. */
export function radarrPlan(site: Site): AppPlan {
  return {
    services: [
      servarr(site, {
        name: "radarr",
        image: "lscr.io/linuxserver/radarr:6.0.4",
        port: 7878,
        route: "taanga",
        ...SORTS_DOWNLOADS,
        memory: "1GiB",
        cpus: 1,
        title: "Radarr",
        description: "Films",
      }),
    ],
    volumes: [{ name: "radarr-config" }],
  };
}
