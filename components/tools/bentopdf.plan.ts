import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { REACHED_THROUGH_CADDY } from "../edge/routes.plan.ts";

/** BentoPDF on the Docker VM: PDF tools that run in the visitor's own browser. */
export function bentopdfPlan(site: Site): AppPlan {
  return {
    services: [
      {
        name: "bentopdf",
        stack: "tools",
        phase: 8,
        image: "ghcr.io/alam00000/bentopdf:v2.5.0",
        env: { TZ: site.timezone },
        networks: [{ name: "caddy-net" }],
        ports: [{ bind: "127.0.0.1", host: 8580, container: 8080, protocol: "tcp" }],
        health: {
          test: ["CMD-SHELL", "wget -q --spider http://localhost:8080/ || exit 1"],
        },
        limits: { memory: "128MiB", cpus: 0.25 },
        logs: { maxSize: "5MiB", maxFiles: 3 },
        requires: [REACHED_THROUGH_CADDY],
        category: "tools",
        watchUpdates: true,
        // Browsers give its workers shared memory only on an isolated page. Its own server sends
        // the two headers for that, and a second one of a kind would make both void.
        routes: [{ name: "kuatia", port: 8080, auth: true }],
        tile: {
          group: "Tools",
          title: "BentoPDF",
          description: "PDF tools",
          icon: "bentopdf.png",
        },
      },
    ],
    volumes: [],
  };
}
