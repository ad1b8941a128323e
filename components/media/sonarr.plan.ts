import type { Site } from "../../model/site.ts";
import {
  servarr,
  servarrConfig,
  sortsDownloads,
  type DownloadsFolder,
  type MediaFolder,
} from "./servarr.plan.ts";
import { SONARR_4_0_IMAGE } from "./sonarr.image.ts";
import { app } from "../../model/app.ts";
import type { ReachedAt } from "../edge/routes.plan.ts";

/**
 * Sonarr, which collects series. Needs Prowlarr for its indexers and the NAS's media and
 * downloads.
 */
export function sonarr(
  site: Site,
  { at = "sonarr", ...folders }: ReachedAt & MediaFolder & DownloadsFolder,
) {
  return app({
    type: "homelab:media:Sonarr",
    exposes: {
      /** Web page and API. */
      server: "sonarr",
    },
    images: [SONARR_4_0_IMAGE],
    networks: [{ name: "media-net" }],
    services: [
      servarr(site, {
        name: "sonarr",
        image: SONARR_4_0_IMAGE.reference,
        port: 8989,
        route: at,
        ...sortsDownloads(folders),
        memory: "1GiB",
        cpus: 1,
        title: "Sonarr",
        description: "Series",
      }),
    ],
    volumes: [servarrConfig("sonarr")],
  });
}
