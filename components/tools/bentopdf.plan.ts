import type { Site } from "../../model/site.ts";
import { reachedThrough, type ReachedThrough } from "../edge/proxy.plan.ts";
import { BENTOPDF_2_5_IMAGE } from "./bentopdf.image.ts";
import { app } from "../../model/app.ts";

/** BentoPDF, PDF tools in the browser; keeps nothing, starts after the proxy. */
export function bentopdf(site: Site, { at = "bentopdf", proxy }: ReachedThrough) {
  return app({
    type: "homelab:tools:BentoPdf",
    exposes: {
      /** The web page; healthy once it is served. */
      page: "bentopdf",
    },
    images: [BENTOPDF_2_5_IMAGE],
    services: [
      {
        name: "bentopdf",
        stack: "tools",
        image: BENTOPDF_2_5_IMAGE.reference,
        env: { TZ: site.timezone },
        networks: [{ name: proxy.network }],
        ports: [{ bind: "127.0.0.1", host: 8580, container: 8080, protocol: "tcp" }],
        health: {
          test: ["CMD-SHELL", "wget -q --spider http://localhost:8080/ || exit 1"],
        },
        limits: { memory: "128MiB", cpus: 0.25 },
        logs: { maxSize: "5MiB", maxFiles: 3 },
        requires: [reachedThrough(proxy)],
        category: "tools",
        watchUpdates: true,
        // Browsers give its workers shared memory only on an isolated page. Its own server sends
        // the two headers for that, and a second one of a kind would make both void.
        routes: [{ name: at, port: 8080, auth: true }],
        tile: {
          group: "Tools",
          title: "BentoPDF",
          description: "PDF tools",
          icon: "bentopdf.png",
        },
      },
    ],
    volumes: [],
  });
}
