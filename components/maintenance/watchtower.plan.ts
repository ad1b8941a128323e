import { HOUSEHOLD_NAME, hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { WATCHTOWER_1_14_IMAGE } from "./watchtower.image.ts";
import { app } from "../../model/app.ts";

/** Options of Watchtower. */
export interface WatchtowerArgs {
  /** Names of all other services of the host: it starts when they have been started. */
  readonly after: readonly string[];
}

const URL_FILE = "/run/secrets/notification-url";

/**
 * Watchtower as a reporter: what runs is what is declared, so it may change nothing. Of a
 * container whose image has a digest it reports nothing either (internal/actions/update.go,
 * isPinned), which here is every one.
 */
export function watchtower(site: Site, args: WatchtowerArgs) {
  return app({
    type: "homelab:maintenance:Watchtower",
    exposes: {
      /** Asks the registries on Sundays at 04:00. */
      watcher: "watchtower",
    },
    images: [WATCHTOWER_1_14_IMAGE],
    networks: [{ name: "maintenance-net" }],
    services: [
      {
        name: "watchtower",
        stack: "maintenance",
        // The maintained successor of containrrr/watchtower, whose API current engines refuse.
        image: WATCHTOWER_1_14_IMAGE.reference,
        env: {
          TZ: site.timezone,
          // Six fields, seconds first: Sundays at 04:00.
          WATCHTOWER_SCHEDULE: "0 0 4 * * 0",
          WATCHTOWER_LABEL_ENABLE: "true",
          WATCHTOWER_MONITOR_ONLY: "true",
          WATCHTOWER_NOTIFICATIONS: "shoutrrr",
          // A path is replaced by the file's content (its documentation, "Docker Secrets").
          WATCHTOWER_NOTIFICATION_URL: URL_FILE,
          WATCHTOWER_TIMEOUT: "60s",
          WATCHTOWER_INCLUDE_STOPPED: "false",
          WATCHTOWER_REVIVE_STOPPED: "false",
        },
        networks: [{ name: "maintenance-net" }],
        mounts: [
          {
            kind: "bind",
            source: "/var/run/docker.sock",
            target: "/var/run/docker.sock",
            readOnly: true,
          },
        ],
        files: [
          {
            target: URL_FILE,
            content: {
              kind: "template",
              template: `ntfy://watchtower:{{ntfy-watchtower-password}}@notify.${site.domain}/${HOUSEHOLD_NAME}-info`,
            },
          },
        ],
        health: { test: ["CMD", "/watchtower", "--health-check"], interval: "60s" },
        limits: { memory: "128MiB", cpus: 0.25 },
        logs: { maxSize: "5MiB", maxFiles: 3 },
        requires: [
          ...args.after.map(
            (on) => ({ on, condition: "started", strength: "soft", why: "starts last" }) as const,
          ),
          {
            on: `${hostWith("coordinator")}/ntfy`,
            condition: "healthy",
            strength: "soft",
            why: "takes its reports",
          },
        ],
        category: "maintenance",
        watchUpdates: true,
        probes: [
          {
            name: "Watchtower",
            kind: "ping",
            target: "{mesh}",
            interval: "60s",
            tier: "warning",
          },
        ],
      },
    ],
    volumes: [],
  });
}
