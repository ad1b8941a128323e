import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { servarr } from "./servarr.plan.ts";

/** Prowlarr. */
export function prowlarrPlan(site: Site): AppPlan {
  return {
    services: [
      servarr(site, {
        name: "prowlarr",
        image: "lscr.io/linuxserver/prowlarr:2.3.0",
        port: 9696,
        route: "aoao",
        mounts: [],
        requires: [],
        memory: "512MiB",
        cpus: 0.5,
        title: "Prowlarr",
        description: "Indexers",
      }),
    ],
    volumes: [{ name: "prowlarr-config" }],
  };
}
