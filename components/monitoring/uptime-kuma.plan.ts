import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";

/** Port of its page, on the loopback of its host. */
export const UPTIME_KUMA_PORT = 3001;

/** Uptime Kuma, which asks the homelab from outside. What it asks: uptime-monitors.plan.ts. */
export function uptimeKumaPlan(site: Site): AppPlan {
  return {
    services: [
      {
        name: "uptime-kuma",
        stack: "monitoring",
        phase: 1,
        image: "docker.io/louislam/uptime-kuma:1.23.17",
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
    volumes: [{ name: "uptime-kuma-data", neverLose: true }],
  };
}
