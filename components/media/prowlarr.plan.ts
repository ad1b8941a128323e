import type { Site } from "../../model/site.ts";
import { servarr, servarrConfig } from "./servarr.plan.ts";
import { PROWLARR_2_3_IMAGE } from "./prowlarr.image.ts";
import { app } from "../../model/app.ts";
import type { ReachedAt } from "../edge/routes.plan.ts";

/** Prowlarr, which keeps the indexers of Sonarr and Radarr. */
export function prowlarr(site: Site, { at = "prowlarr" }: ReachedAt = {}) {
  return app({
    type: "homelab:media:Prowlarr",
    exposes: {
      /** Web page and API. */
      server: "prowlarr",
    },
    images: [PROWLARR_2_3_IMAGE],
    networks: [{ name: "media-net" }],
    services: [
      servarr(site, {
        name: "prowlarr",
        image: PROWLARR_2_3_IMAGE.reference,
        port: 9696,
        route: at,
        mounts: [],
        requires: [],
        memory: "512MiB",
        cpus: 0.5,
        title: "Prowlarr",
        description: "Indexers",
      }),
    ],
    volumes: [servarrConfig("prowlarr")],
  });
}
