import type { Site } from "../../model/site.ts";
import { reachedThrough, type ReachedThrough } from "../edge/proxy.plan.ts";
import { DOZZLE_10_1_IMAGE } from "./dozzle.image.ts";
import { app } from "../../model/app.ts";

/** Dozzle, which shows the containers' logs; reads the engine's socket, starts after the proxy. */
export function dozzle(site: Site, { at = "dozzle", proxy }: ReachedThrough) {
  return app({
    type: "homelab:tools:Dozzle",
    exposes: {
      /** The web page; healthy by its own check. */
      page: "dozzle",
    },
    images: [DOZZLE_10_1_IMAGE],
    services: [
      {
        name: "dozzle",
        stack: "tools",
        image: DOZZLE_10_1_IMAGE.reference,
        env: { TZ: site.timezone },
        networks: [{ name: proxy.network }],
        ports: [{ bind: "127.0.0.1", host: 9999, container: 8080, protocol: "tcp" }],
        mounts: [
          {
            kind: "bind",
            source: "/var/run/docker.sock",
            target: "/var/run/docker.sock",
            readOnly: true,
          },
          { kind: "volume", volume: "dozzle-data", target: "/data" },
          { kind: "tmpfs", target: "/tmp", size: "64MiB" },
        ],
        health: { test: ["CMD", "/dozzle", "healthcheck"] },
        limits: { memory: "128MiB", cpus: 0.5 },
        readOnlyRoot: true,
        logs: { maxSize: "5MiB", maxFiles: 3 },
        requires: [reachedThrough(proxy)],
        category: "tools",
        watchUpdates: true,
        routes: [{ name: at, port: 8080, auth: true }],
        tile: {
          group: "Tools",
          title: "Dozzle",
          description: "Logs of the containers",
          icon: "dozzle.png",
        },
      },
    ],
    volumes: [
      { name: "dozzle-data", notCopied: "rules of notices, made in its page in a few minutes" },
    ],
  });
}
