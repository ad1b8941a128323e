import type { AppPlan, ServiceDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { databaseDump, type DatabaseDumpParts } from "../core/database-dump.plan.ts";
import { resticSidecar, resticState } from "../core/restic-sidecar.plan.ts";
import { REACHED_THROUGH_CADDY } from "../networking/routes.plan.ts";

const STACK = { stack: "documents", phase: 9 } as const;
const NETWORK = "documents-net";
const DATABASE = "paperless";
const ROLE = "paperless";

/** Paperless-ngx with its database, its queue and its backup job. */
export function paperlessPlan(site: Site): AppPlan {
  const dump = databaseDump({
    service: "paperless-db",
    database: DATABASE,
    role: ROLE,
    server: ["docker-entrypoint.sh", "postgres"],
  });
  return {
    services: [database(site, dump), queue(site), web(site), backup(site, dump)],
    volumes: [
      { name: "paperless-db-data", neverLose: true },
      dump.volume,
      { name: "paperless-redis-data", notCopied: "a queue; what was lost is queued again" },
      { name: "paperless-data" },
      { name: "paperless-media", neverLose: true },
      { name: "paperless-consume", notCopied: "files that wait to be read in, for minutes" },
      { name: "paperless-export", notCopied: "exports made by hand, of what is copied anyway" },
      resticState("paperless-backup"),
    ],
  };
}

function database(site: Site, dump: DatabaseDumpParts): ServiceDeclaration {
  return {
    ...STACK,
    name: "paperless-db",
    image: "docker.io/library/postgres:17-alpine",
    entrypoint: dump.entrypoint,
    command: dump.command,
    init: dump.init,
    env: {
      TZ: site.timezone,
      POSTGRES_USER: ROLE,
      POSTGRES_DB: DATABASE,
      POSTGRES_PASSWORD_FILE: "/run/secrets/db-password",
    },
    networks: [{ name: NETWORK }],
    mounts: [
      { kind: "volume", volume: "paperless-db-data", target: "/var/lib/postgresql/data" },
      dump.mount,
    ],
    files: [
      dump.file,
      {
        target: "/run/secrets/db-password",
        content: { kind: "secret", secret: "paperless-db-password" },
      },
    ],
    health: {
      // Over TCP: while the image sets the database up, its server answers on the socket only.
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", ROLE, "-d", DATABASE],
      timeout: "5s",
      retries: 5,
      startPeriod: "60s",
    },
    limits: { memory: "256MiB", cpus: 0.5 },
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
    stopGrace: "120s",
    category: "documents",
    databaseRole: { role: ROLE, database: DATABASE, secret: "paperless-db-password" },
  };
}

function queue(site: Site): ServiceDeclaration {
  return {
    ...STACK,
    name: "paperless-redis",
    image: "docker.io/library/redis:7-alpine",
    env: { TZ: site.timezone },
    networks: [{ name: NETWORK }],
    // The image declares it a volume; without a name each new container would leave one behind.
    mounts: [{ kind: "volume", volume: "paperless-redis-data", target: "/data" }],
    health: { test: ["CMD", "redis-cli", "ping"], timeout: "3s" },
    limits: { memory: "128MiB", cpus: 0.25 },
    capabilities: ["SETGID", "SETUID"],
    logs: { maxSize: "5MiB", maxFiles: 3 },
    category: "documents",
  };
}

function web(site: Site): ServiceDeclaration {
  return {
    ...STACK,
    name: "paperless-ngx",
    image: "ghcr.io/paperless-ngx/paperless-ngx:2.20.10",
    env: {
      TZ: site.timezone,
      PAPERLESS_REDIS: "redis://paperless-redis:6379",
      PAPERLESS_DBHOST: "paperless-db",
      PAPERLESS_DBNAME: DATABASE,
      PAPERLESS_DBUSER: ROLE,
      // The image's init-env-file step reads PAPERLESS_*_FILE as root.
      PAPERLESS_DBPASS_FILE: "/run/secrets/db-password",
      PAPERLESS_ADMIN_USER: site.adminUser,
      PAPERLESS_ADMIN_PASSWORD_FILE: "/run/secrets/admin-password",
      PAPERLESS_SECRET_KEY_FILE: "/run/secrets/secret-key",
      PAPERLESS_URL: `https://aranduka.${site.domain}`,
      PAPERLESS_OCR_LANGUAGE: "spa+eng",
      PAPERLESS_TASK_WORKERS: "1",
      PAPERLESS_THREADS_PER_WORKER: "1",
      PAPERLESS_TIME_ZONE: site.timezone,
    },
    networks: [{ name: NETWORK }, { name: "caddy-net" }],
    ports: [{ bind: "127.0.0.1", host: 8010, container: 8000, protocol: "tcp" }],
    mounts: ["data", "media", "consume", "export"].map((folder) => ({
      kind: "volume",
      volume: `paperless-${folder}`,
      target: `/usr/src/paperless/${folder}`,
    })),
    files: [
      {
        target: "/run/secrets/db-password",
        content: { kind: "secret", secret: "paperless-db-password" },
      },
      {
        target: "/run/secrets/admin-password",
        content: { kind: "secret", secret: "paperless-admin-password" },
      },
      {
        target: "/run/secrets/secret-key",
        content: { kind: "secret", secret: "paperless-secret-key" },
      },
    ],
    health: {
      // Follows to the sign-in page, which needs the database; the root alone only redirects.
      test: ["CMD", "curl", "-fsSL", "-o", "/dev/null", "http://localhost:8000/"],
      startPeriod: "120s",
      deadline: "5m",
    },
    limits: { memory: "512MiB", cpus: 1 },
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
    requires: [
      { on: "paperless-db", condition: "healthy", strength: "hard" },
      { on: "paperless-redis", condition: "healthy", strength: "hard" },
      REACHED_THROUGH_CADDY,
    ],
    category: "documents",
    watchUpdates: true,
    routes: [{ name: "aranduka", port: 8000, auth: true }],
    tile: {
      group: "Documents",
      title: "Paperless-ngx",
      description: "Scanned documents and their search",
      icon: "paperless-ngx.png",
    },
  };
}

function backup(site: Site, dump: DatabaseDumpParts): ServiceDeclaration {
  return resticSidecar(site, {
    ...STACK,
    name: "paperless-backup",
    networks: [NETWORK],
    repository: "paperless",
    schedule: "0 3 * * *",
    data: [
      { volume: "paperless-data", target: "/data/data" },
      { volume: "paperless-media", target: "/data/media" },
    ],
    excludes: ["*.log", "*.pyc", "classification_model.pickle"],
    // The reference never copies the database, so its tags and correspondents would be lost.
    dumps: { volume: dump.volume.name, of: "paperless-db-data" },
    requires: [{ on: "paperless-ngx", condition: "started", strength: "hard" }],
  });
}
