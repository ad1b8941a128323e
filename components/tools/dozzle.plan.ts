import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { REACHED_THROUGH_CADDY } from "../edge/routes.plan.ts";

/** Dozzle on the Docker VM: the logs of its containers in the browser. */
export function dozzlePlan(site: Site): AppPlan {
  return {
    services: [
      {
        name: "dozzle",
        stack: "tools",
        phase: 8,
        image: "docker.io/amir20/dozzle:v10.1.1",
        env: { TZ: site.timezone },
        networks: [{ name: "caddy-net" }],
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
        requires: [REACHED_THROUGH_CADDY],
        category: "tools",
        watchUpdates: true,
        routes: [{ name: "ysyry", port: 8080, auth: true }],
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
  };
}
