import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { postgres } from "../data/postgres.plan.ts";
import { POSTGRES_16_IMAGE } from "../data/postgres.image.ts";
import { JAVYA_BACKEND_IMAGE, JAVYA_FRONTEND_IMAGE } from "./javya.image.ts";
import { app } from "../../model/app.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

const STACK = "javya";
const NETWORK = "javya-net";
const API_PORT = 8000;
/** nginx without root, which may not listen below 1024. */
const PAGE_PORT = 8080;
const START = "/homelab/start.sh";
const DB_PASSWORD = "/run/secrets/javya-db-password";
const SECRET_KEY = "/run/secrets/javya-secret-key";
/** The backend's user: set here, so that it can read its secrets whatever the image says. */
const BACKEND_USER = "1000:1000";

/** Where the household keeps Javya's images, and their tag. */
export type JavyaImages = NonNullable<Site["javya"]>;

/** What Javya is given of its household. */
export interface JavyaOptions extends JavyaImages {
  /** Network on which its reverse proxy finds it. */
  readonly proxyNetwork: string;
}

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "javya-db-password": generated("Javya's database role"),
  "javya-secret-key": generated("signs Javya's sessions", 64),
};

/** Javya, the household's own app. Coolify's Traefik serves it over the network they share. */
export function javya(site: Site, { registry, version, proxyNetwork }: JavyaOptions) {
  const database = postgres(site, {
    name: "javya-db",
    stack: STACK,
    image: POSTGRES_16_IMAGE.reference,
    server: ["docker-entrypoint.sh", "postgres"],
    database: "javya",
    secret: "javya-db-password",
    volume: "javya-postgres-data",
    network: NETWORK,
    aliases: ["db"],
    memory: "512MiB",
    cpus: 1,
    category: "apps",
  });
  return app({
    type: "homelab:javya:Javya",
    exposes: {
      /** PostgreSQL; its role follows the secret. */
      database: "javya-db",
      /** The API; waits for the database. */
      backend: "javya-backend",
      /** The page. */
      frontend: "javya-frontend",
    },
    images: [POSTGRES_16_IMAGE, JAVYA_BACKEND_IMAGE, JAVYA_FRONTEND_IMAGE],
    networks: [{ name: proxyNetwork }, { name: NETWORK }],
    services: [
      database.service,
      {
        name: "javya-backend",
        stack: STACK,
        image: `${registry}/javya-backend:${version}`,
        entrypoint: ["/bin/sh", START],
        command: [
          "uvicorn",
          "app.main:app",
          "--host",
          "0.0.0.0",
          "--port",
          String(API_PORT),
          "--workers",
          "4",
        ],
        user: BACKEND_USER,
        env: {
          TZ: site.timezone,
          DEBUG: "false",
          CORS_ORIGINS: `https://javya.${site.domain}`,
        },
        networks: [{ name: NETWORK }, { name: proxyNetwork, aliases: ["javya-backend"] }],
        files: [
          { target: START, content: { kind: "text", text: backendStart() } },
          {
            target: DB_PASSWORD,
            content: { kind: "secret", secret: "javya-db-password" },
            owner: BACKEND_USER,
          },
          {
            target: SECRET_KEY,
            content: { kind: "secret", secret: "javya-secret-key" },
            owner: BACKEND_USER,
          },
        ],
        health: {
          test: [
            "CMD",
            "python",
            "-c",
            `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${API_PORT}/health')`,
          ],
          startPeriod: "40s",
        },
        limits: { memory: "1024MiB", cpus: 1 },
        requires: [
          { on: "javya-db", condition: "healthy", strength: "hard", why: "keeps everything there" },
        ],
        category: "apps",
        routes: [{ name: "javya-api", port: API_PORT, via: hostWith("storage") }],
        probes: [
          {
            name: "Javya API",
            kind: "http",
            target: "https://javya-api.{domain}/health",
            interval: "60s",
            tier: "warning",
          },
        ],
      },
      {
        name: "javya-frontend",
        stack: STACK,
        image: `${registry}/javya-frontend:${version}`,
        env: { TZ: site.timezone },
        networks: [{ name: NETWORK }, { name: proxyNetwork, aliases: ["javya-frontend"] }],
        mounts: [
          { kind: "tmpfs", target: "/tmp", size: "64MiB" },
          { kind: "tmpfs", target: "/var/cache/nginx", size: "64MiB" },
          { kind: "tmpfs", target: "/run", size: "8MiB" },
        ],
        health: { test: ["CMD", "wget", "-q", "--spider", `http://127.0.0.1:${PAGE_PORT}/`] },
        limits: { memory: "256MiB", cpus: 0.5 },
        readOnlyRoot: true,
        requires: [
          {
            on: "javya-backend",
            condition: "started",
            strength: "hard",
            why: "asks it for all data",
          },
        ],
        category: "apps",
        routes: [{ name: "javya", port: PAGE_PORT, via: hostWith("storage") }],
        probes: [
          {
            name: "Javya",
            kind: "http",
            target: "https://javya.{domain}",
            interval: "60s",
            tier: "warning",
          },
        ],
      },
    ],
    secrets: SECRETS,
    // The dump is copied by coolify-backup, which must know its volume.
    volumes: database.volumes,
  });
}

/**
 * The app takes both from its environment; there they come from files, for this process alone.
 * It has the driver asyncpg and no other, which its address has to name.
 */
function backendStart(): string {
  return `#!/bin/sh
set -eu
SECRET_KEY=$(cat ${SECRET_KEY})
DATABASE_URL="postgresql+asyncpg://javya:$(cat ${DB_PASSWORD})@javya-db:5432/javya"
export SECRET_KEY DATABASE_URL
exec "$@"
`;
}
