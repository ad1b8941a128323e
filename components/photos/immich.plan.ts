import type { AppPlan, ServiceDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { databaseDump, type DatabaseDumpParts } from "../core/database-dump.plan.ts";
import { resticSidecar, resticState } from "../core/restic-sidecar.plan.ts";

const STACK = { stack: "photos", phase: 11 } as const;
const NETWORK = "photos-net";
const DATABASE = "immich";
const ROLE = "immich";
/** Server and machine learning talk a private protocol, so they change together. */
const VERSION = "v2.6.1";
const UPLOADS = "/usr/src/app/upload";

/** Immich with its machine learning, database, queue and backup job. */
export function immichPlan(site: Site): AppPlan {
  const dump = databaseDump({
    service: "immich-db",
    database: DATABASE,
    role: ROLE,
    // Entry point and command of immich-app/base-images, postgres/Dockerfile.
    server: [
      "immich-docker-entrypoint.sh",
      "postgres",
      "-c",
      "config_file=/etc/postgresql/postgresql.conf",
    ],
  });
  return {
    services: [database(site, dump), queue(site), learning(site), server(site), backup(site, dump)],
    volumes: [
      { name: "immich-db-data", neverLose: true },
      dump.volume,
      { name: "immich-valkey-data", notCopied: "a queue; what was lost is queued again" },
      { name: "immich-ml-cache", notCopied: "models, downloaded anew" },
      { name: "immich-upload", neverLose: true },
      resticState("immich-backup"),
    ],
  };
}

function database(site: Site, dump: DatabaseDumpParts): ServiceDeclaration {
  return {
    ...STACK,
    name: "immich-db",
    image: "ghcr.io/immich-app/postgres:17-vectorchord0.5.3",
    entrypoint: dump.entrypoint,
    command: dump.command,
    init: dump.init,
    env: {
      TZ: site.timezone,
      POSTGRES_USER: ROLE,
      POSTGRES_DB: DATABASE,
      POSTGRES_PASSWORD_FILE: "/run/secrets/db-password",
      POSTGRES_INITDB_ARGS: "--data-checksums",
    },
    networks: [{ name: NETWORK }],
    mounts: [
      { kind: "volume", volume: "immich-db-data", target: "/var/lib/postgresql/data" },
      dump.mount,
    ],
    files: [
      dump.file,
      {
        target: "/run/secrets/db-password",
        content: { kind: "secret", secret: "immich-db-password" },
      },
    ],
    health: {
      // Over TCP: while the image sets the database up, its server answers on the socket only.
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", ROLE, "-d", DATABASE],
      timeout: "5s",
      retries: 5,
      startPeriod: "60s",
    },
    limits: { memory: "512MiB", cpus: 1 },
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
    stopGrace: "120s",
    category: "photos",
    databaseRole: { role: ROLE, database: DATABASE, secret: "immich-db-password" },
  };
}

function queue(site: Site): ServiceDeclaration {
  return {
    ...STACK,
    name: "immich-valkey",
    image: "docker.io/valkey/valkey:8-bookworm",
    env: { TZ: site.timezone },
    networks: [{ name: NETWORK }],
    // The image declares it a volume; without a name each new container would leave one behind.
    mounts: [{ kind: "volume", volume: "immich-valkey-data", target: "/data" }],
    health: { test: ["CMD", "valkey-cli", "ping"], timeout: "3s" },
    limits: { memory: "128MiB", cpus: 0.25 },
    capabilities: ["SETGID", "SETUID"],
    logs: { maxSize: "5MiB", maxFiles: 3 },
    category: "photos",
  };
}

function learning(site: Site): ServiceDeclaration {
  return {
    ...STACK,
    name: "immich-ml",
    // The reference runs v2.5.6 beside a v2.6.1 server.
    image: `ghcr.io/immich-app/immich-machine-learning:${VERSION}`,
    env: { TZ: site.timezone, MACHINE_LEARNING_WORKERS: "1" },
    // The server looks for it under this name unless told otherwise in its settings.
    networks: [{ name: NETWORK, aliases: ["immich-machine-learning"] }],
    mounts: [{ kind: "volume", volume: "immich-ml-cache", target: "/cache" }],
    health: {
      test: [
        "CMD",
        "python3",
        "-c",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3003/ping')",
      ],
      startPeriod: "120s",
      deadline: "5m",
    },
    limits: { memory: "2GiB", cpus: 2 },
    category: "photos",
    watchUpdates: true,
  };
}

function server(site: Site): ServiceDeclaration {
  return {
    ...STACK,
    name: "immich-server",
    image: `ghcr.io/immich-app/immich-server:${VERSION}`,
    env: {
      // In place of the host's /etc/localtime, which not every host has.
      TZ: site.timezone,
      DB_HOSTNAME: "immich-db",
      DB_USERNAME: ROLE,
      // server/bin/start.sh of the image reads DB_PASSWORD_FILE.
      DB_PASSWORD_FILE: "/run/secrets/db-password",
      DB_DATABASE_NAME: DATABASE,
      REDIS_HOSTNAME: "immich-valkey",
      // Said outright, because newer images look in another folder by default.
      IMMICH_MEDIA_LOCATION: UPLOADS,
    },
    networks: [{ name: NETWORK }, { name: "caddy-net" }],
    ports: [{ bind: "127.0.0.1", host: 2283, container: 2283, protocol: "tcp" }],
    mounts: [
      { kind: "volume", volume: "immich-upload", target: UPLOADS },
      { kind: "bind", source: "/mnt/nas/photos", target: "/mnt/external", readOnly: true },
    ],
    files: [
      {
        target: "/run/secrets/db-password",
        content: { kind: "secret", secret: "immich-db-password" },
      },
    ],
    health: {
      test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://localhost:2283/api/server/ping"],
      startPeriod: "120s",
      deadline: "5m",
    },
    limits: { memory: "2GiB", cpus: 2 },
    requires: [
      { on: "immich-db", condition: "healthy", strength: "hard" },
      { on: "immich-valkey", condition: "healthy", strength: "hard" },
      {
        on: "gate:nas-photos",
        condition: "healthy",
        strength: "hard",
        why: "an empty folder would make it forget the external library",
      },
      { on: "caddy", condition: "started", strength: "soft", why: "is reached through it" },
    ],
    category: "photos",
    critical: true,
    watchUpdates: true,
    routes: [{ name: "vera", port: 2283 }],
    probes: [
      {
        name: "Immich",
        kind: "http",
        target: "https://vera.{domain}",
        interval: "5m",
        tier: "info",
      },
    ],
    tile: {
      group: "Media",
      title: "Immich",
      description: "Photos and videos",
      icon: "immich.png",
    },
  };
}

function backup(site: Site, dump: DatabaseDumpParts): ServiceDeclaration {
  return resticSidecar(site, {
    ...STACK,
    name: "immich-backup",
    networks: [NETWORK],
    repository: "immich",
    tag: "immich-db",
    schedule: "15 3 * * *",
    // The original copied the database alone, and had the uploads exactly once.
    data: [{ volume: "immich-upload", target: "/data/upload" }],
    // Made anew from the originals; Immich does not start without the marker file beside them.
    excludes: ["/data/upload/thumbs/*/*", "/data/upload/encoded-video/*/*"],
    // The reference installs restic at every start and lacks jq; see docs/adr/0003.
    dumps: { volume: dump.volume.name, of: "immich-db-data" },
    requires: [{ on: "immich-db", condition: "healthy", strength: "hard" }],
    memory: "256MiB",
    cpus: 0.5,
  });
}
