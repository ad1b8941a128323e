import type { Site } from "../../model/site.ts";
import {
  servarr,
  servarrConfig,
  sortsDownloads,
  type DownloadsFolder,
  type MediaFolder,
} from "./servarr.plan.ts";
import { RADARR_6_0_IMAGE } from "./radarr.image.ts";
import { app } from "../../model/app.ts";
import type { ReachedAt } from "../edge/routes.plan.ts";

/**
 * Radarr, which collects films. Needs Prowlarr for its indexers and the NAS's media and downloads.
 */
export function radarr(
  site: Site,
  { at = "radarr", ...folders }: ReachedAt & MediaFolder & DownloadsFolder,
) {
  return app({
    type: "homelab:media:Radarr",
    exposes: {
      /** Web page and API. */
      server: "radarr",
    },
    images: [RADARR_6_0_IMAGE],
    networks: [{ name: "media-net" }],
    services: [
      servarr(site, {
        name: "radarr",
        image: RADARR_6_0_IMAGE.reference,
        port: 7878,
        route: at,
        ...sortsDownloads(folders),
        memory: "1GiB",
        cpus: 1,
        title: "Radarr",
        description: "Films",
      }),
    ],
    volumes: [servarrConfig("radarr")],
  });
}
