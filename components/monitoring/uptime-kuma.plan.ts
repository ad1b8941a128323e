import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { UPTIME_KUMA_1_23_IMAGE } from "./uptime-kuma.image.ts";
import { app } from "../../model/app.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

/** Port of its page, on the loopback of its host. */
export const UPTIME_KUMA_PORT = 3001;

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "uptime-kuma-password": generated("Uptime Kuma's first user"),
};

/**
 * Uptime Kuma, which asks the homelab from outside; its monitors come from the probes of all
 * services (uptime-monitors.plan.ts). It keeps them in a database of its own, so a program on its
 * host brings them in (docs/adr/0015-programs-with-databases-of-their-own.md).
 */
export function uptimeKuma(site: Site) {
  return app({
    type: "homelab:monitoring:UptimeKuma",
    exposes: {
      /** The monitor; healthy once its page answers. */
      monitor: "uptime-kuma",
    },
    images: [UPTIME_KUMA_1_23_IMAGE],
    networks: [{ name: "monitoring-net" }, { name: "dns-net" }],
    services: [
      {
        name: "uptime-kuma",
        stack: "monitoring",
        image: UPTIME_KUMA_1_23_IMAGE.reference,
        env: { TZ: site.timezone },
        // programs/uptime signs in with the first, and gives it the second to publish with.
        setUpSecrets: ["uptime-kuma-password", "ntfy-token"],
        // In dns-net as well, to ask the VPS's Pi-hole, whose ports are on the loopback.
        networks: [{ name: "monitoring-net" }, { name: "dns-net" }],
        ports: [
          {
            bind: "127.0.0.1",
            host: UPTIME_KUMA_PORT,
            container: UPTIME_KUMA_PORT,
            protocol: "tcp",
          },
        ],
        mounts: [{ kind: "volume", volume: "uptime-kuma-data", target: "/app/data" }],
        health: { test: ["CMD", "curl", "-f", `http://127.0.0.1:${UPTIME_KUMA_PORT}/`] },
        limits: { memory: "256MiB", cpus: 0.5 },
        // Its start script gives the data folder to its user, and clears its groups.
        capabilities: ["CHOWN", "SETGID"],
        category: "monitoring",
        critical: true,
        requires: [
          {
            on: "ntfy",
            condition: "healthy",
            strength: "soft",
            declared: true,
            limit: "30s",
            why: "carries its alerts",
          },
        ],
        routes: [{ name: "status", port: UPTIME_KUMA_PORT }],
        probes: [
          {
            name: "Uptime Kuma",
            kind: "http",
            target: "https://status.{domain}",
            interval: "60s",
            tier: "critical",
          },
        ],
      },
    ],
    secrets: SECRETS,
    // Its page cannot rename anybody (server/server.js of 1.23.17); each sign-in looks into the table.
    renamingUser: [
      `Uptime Kuma: ssh ${hostWith("coordinator")} "docker exec uptime-kuma sqlite3 /app/data/kuma.db \\"update user set username = '{next}' where username = '{former}'\\""`,
    ],
    volumes: [
      {
        name: "uptime-kuma-data",
        neverLose: true,
        copied: { at: "/data/uptime-kuma", databases: ["kuma.db"] },
      },
    ],
  });
}
