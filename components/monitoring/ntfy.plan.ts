import { HOUSEHOLD_NAME } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { NTFY_2_19_IMAGE } from "./ntfy.image.ts";
import { app } from "../../model/app.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

/** Topics, by how loud they are. */
export const NTFY_TOPICS = {
  critical: `${HOUSEHOLD_NAME}-critical`,
  warning: `${HOUSEHOLD_NAME}-warning`,
  info: `${HOUSEHOLD_NAME}-info`,
  test: `${HOUSEHOLD_NAME}-test`,
  /** Home Assistant's own. */
  homelab: "homelab",
} as const;

/** Users of ntfy that programs publish as: the one of the token, and Watchtower. */
export const NTFY_PUBLISHER = "homelab";
export const NTFY_WATCHTOWER = "watchtower";

const START = "/homelab/start.sh";
const USERS = "/run/secrets/ntfy-users";
const TOKEN = "/run/secrets/ntfy-token";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  // ntfy takes a token only in this shape: "tk_" and 29 more.
  "ntfy-token": {
    origin: { kind: "generated", length: 29, prefix: "tk_" },
    purpose: "lets Alertmanager, Home Assistant and the off-site job publish",
    rotation: { kind: "deploy" },
  },
  "ntfy-admin-password": generated("first person who reads notifications at ntfy"),
  "ntfy-watchtower-password": generated("Watchtower's user at ntfy"),
};

/**
 * Port on the VPS's loopback. The control plane's page is documented there too, and where both are
 * it has it: nobody here uses ntfy's. stacks/control-plane.ts says how ntfy gets it back.
 */
function loopbackPort({ controlPlane }: Site): number {
  return controlPlane ? 8090 : 8080;
}

/** ntfy, which carries alerts to the phones. Users, rights and the token are declared. */
export function ntfy(site: Site) {
  return app({
    type: "homelab:monitoring:Ntfy",
    exposes: {
      /** The server; healthy once it says so itself. */
      server: "ntfy",
    },
    images: [NTFY_2_19_IMAGE],
    networks: [{ name: "monitoring-net" }],
    services: [
      {
        name: "ntfy",
        stack: "monitoring",
        image: NTFY_2_19_IMAGE.reference,
        entrypoint: ["/bin/sh", START],
        command: ["serve"],
        env: {
          TZ: site.timezone,
          NTFY_BASE_URL: `https://notify.${site.domain}`,
          NTFY_CACHE_FILE: "/var/cache/ntfy/cache.db",
          NTFY_BEHIND_PROXY: "true",
          NTFY_AUTH_FILE: "/etc/ntfy/user.db",
          NTFY_AUTH_DEFAULT_ACCESS: "deny-all",
          NTFY_AUTH_ACCESS: access(),
          NTFY_ENABLE_LOGIN: "true",
          // Wakes iPhones, which Apple lets no server of one's own do: it gets a checksum of the
          // topic's address and the message's number, and the phone fetches the text from here.
          NTFY_UPSTREAM_BASE_URL: "https://ntfy.sh",
        },
        networks: [{ name: "monitoring-net" }],
        ports: [{ bind: "127.0.0.1", host: loopbackPort(site), container: 80, protocol: "tcp" }],
        mounts: [
          { kind: "volume", volume: "ntfy-cache", target: "/var/cache/ntfy" },
          { kind: "volume", volume: "ntfy-config", target: "/etc/ntfy" },
        ],
        files: [
          { target: START, content: { kind: "text", text: startScript(site.adminUser) } },
          {
            target: USERS,
            content: {
              kind: "htpasswd",
              users: {
                [site.adminUser]: "ntfy-admin-password",
                [NTFY_PUBLISHER]: "ntfy-token",
                [NTFY_WATCHTOWER]: "ntfy-watchtower-password",
              },
              // It refuses hashes of less.
              cost: 10,
            },
            owner: "0:0",
          },
          { target: TOKEN, content: { kind: "secret", secret: "ntfy-token" }, owner: "0:0" },
        ],
        health: {
          test: [
            "CMD-SHELL",
            "wget -q -O - http://127.0.0.1:80/v1/health | grep -q '\"healthy\":true'",
          ],
        },
        limits: { memory: "128MiB", cpus: 0.25 },
        category: "monitoring",
        critical: true,
        routes: [{ name: "notify", port: 80 }],
        probes: [
          {
            name: "ntfy",
            kind: "http",
            target: "https://notify.{domain}/v1/health",
            interval: "60s",
            tier: "critical",
          },
        ],
      },
    ],
    secrets: SECRETS,
    volumes: [
      {
        name: "ntfy-config",
        neverLose: true,
        copied: { at: "/data/ntfy", databases: ["user.db"] },
      },
      { name: "ntfy-cache", notCopied: "messages of the last hours, for phones that were offline" },
    ],
  });
}

function access(): string {
  return [NTFY_PUBLISHER, NTFY_WATCHTOWER]
    .flatMap((user) =>
      [`${HOUSEHOLD_NAME}-*`, NTFY_TOPICS.homelab].map((topic) => `${user}:${topic}:write-only`),
    )
    .join(",");
}

/** ntfy takes its users from the environment, which others may read; so it gets them from files. */
function startScript(admin: string): string {
  return `#!/bin/sh
set -eu
users=
while IFS=: read -r name hash; do
  role=user
  [ "$name" != "${admin}" ] || role=admin
  users="\${users:+$users,}$name:$hash:$role"
done <${USERS}
export NTFY_AUTH_USERS="$users"
export NTFY_AUTH_TOKENS="${NTFY_PUBLISHER}:$(cat ${TOKEN}):${NTFY_PUBLISHER}"
exec ntfy "$@"
`;
}
