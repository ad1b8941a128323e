import type { CopyJob } from "../../model/copy-job.ts";
import type { AppService } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import type { SharedFolder } from "../core/shared-folder.plan.ts";
import { postgres, type Postgres } from "../data/postgres.plan.ts";
import { queue } from "../data/queue.plan.ts";
import { reachedThrough, type HomeProxy, type ReachedThrough } from "../edge/proxy.plan.ts";
import {
  IMMICH_POSTGRES_17_IMAGE,
  IMMICH_ML_2_6_IMAGE,
  IMMICH_SERVER_2_6_IMAGE,
} from "./immich.image.ts";
import { VALKEY_8_IMAGE } from "../data/queue.image.ts";
import { app } from "../../model/app.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

const STACK = { stack: "photos" } as const;
const NETWORK = "photos-net";
/** Name of the database and of its role. */
const DATABASE = "immich";
/** Server and machine learning talk a private protocol, so they change together. */
const VERSION = "v2.6.1";
const UPLOADS = "/usr/src/app/upload";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "immich-db-password": generated("Immich's database role"),
};

/** What Immich is told. */
export interface ImmichArgs extends ReachedThrough {
  /** The external library, which it only reads. */
  readonly photos: SharedFolder;
}

/**
 * Immich, the photo library: server, machine learning, PostgreSQL with VectorChord, Valkey, and a
 * backup job for the database. Needs the NAS's photos for its external library.
 */
export function immich(site: Site, { at = "immich", proxy, photos }: ImmichArgs) {
  const database = postgres(site, {
    ...STACK,
    name: "immich-db",
    image: IMMICH_POSTGRES_17_IMAGE.reference,
    // Entry point and command of immich-app/base-images, postgres/Dockerfile.
    server: [
      "immich-docker-entrypoint.sh",
      "postgres",
      "-c",
      "config_file=/etc/postgresql/postgresql.conf",
    ],
    database: DATABASE,
    secret: "immich-db-password",
    initdbArgs: "--data-checksums",
    network: NETWORK,
    // The image's settings take 512 MB for shared buffers alone, and the first start reads in some
    // 200,000 places (immich-app/base-images postgres/postgresql.ssd.conf; immich#20386).
    memory: "2GiB",
    // As Immich's own compose file; with 64 MiB a full sync of a phone fails (immich#19467).
    sharedMemory: "128MiB",
    cpus: 1,
    category: "photos",
  });
  const jobs = queue(site, {
    ...STACK,
    name: "immich-valkey",
    image: VALKEY_8_IMAGE.reference,
    client: "valkey-cli",
    network: NETWORK,
    // About 0.9 kB for a job, and four or five jobs for each picture of a new library
    // (immich#19772).
    memory: "512MiB",
    category: "photos",
  });
  return app({
    type: "homelab:photos:Immich",
    exposes: {
      /** Web page and API. */
      server: "immich-server",
      /** PostgreSQL; its role has the password of the secret, also after a rotation. */
      database: "immich-db",
    },
    images: [
      IMMICH_POSTGRES_17_IMAGE,
      VALKEY_8_IMAGE,
      IMMICH_ML_2_6_IMAGE,
      IMMICH_SERVER_2_6_IMAGE,
    ],
    networks: [{ name: NETWORK }],
    services: [database.service, jobs.service, learning(site), server(site, at, { proxy, photos })],
    jobs: [backup(database)],
    secrets: SECRETS,
    volumes: [
      ...database.volumes,
      jobs.volume,
      { name: "immich-ml-cache", notCopied: "models, downloaded anew" },
      { name: "immich-upload", neverLose: true },
    ],
  });
}

function learning(site: Site): AppService {
  return {
    ...STACK,
    name: "immich-ml",
    // Always the server's version, see VERSION.
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
    // The models it loads by default do not fit into 2 GiB: search, faces and text.
    limits: { memory: "4GiB", cpus: 2 },
    category: "photos",
    watchUpdates: true,
  };
}

function server(
  site: Site,
  at: string,
  { proxy, photos }: { readonly proxy: HomeProxy; readonly photos: SharedFolder },
): AppService {
  return {
    ...STACK,
    name: "immich-server",
    image: `ghcr.io/immich-app/immich-server:${VERSION}`,
    env: {
      // In place of the host's /etc/localtime, which not every host has.
      TZ: site.timezone,
      DB_HOSTNAME: "immich-db",
      DB_USERNAME: DATABASE,
      // server/bin/start.sh of the image reads DB_PASSWORD_FILE.
      DB_PASSWORD_FILE: "/run/secrets/db-password",
      DB_DATABASE_NAME: DATABASE,
      REDIS_HOSTNAME: "immich-valkey",
      // Said outright, because newer images look in /data, their volume, by default.
      IMMICH_MEDIA_LOCATION: UPLOADS,
    },
    networks: [{ name: NETWORK }, { name: proxy.network }],
    ports: [{ bind: "127.0.0.1", host: 2283, container: 2283, protocol: "tcp" }],
    mounts: [
      { kind: "volume", volume: "immich-upload", target: UPLOADS },
      // The image declares a volume there; each new container would leave one behind.
      { kind: "tmpfs", target: "/data", size: "1MiB" },
      { kind: "bind", source: photos.path, target: "/mnt/external", readOnly: true },
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
        on: photos.gate,
        condition: "healthy",
        strength: "hard",
        why: "an empty folder would make it forget the external library",
      },
      reachedThrough(proxy),
    ],
    category: "photos",
    critical: true,
    watchUpdates: true,
    routes: [{ name: at, port: 2283 }],
    probes: [
      {
        name: "Immich",
        kind: "http",
        target: `https://${at}.{domain}`,
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

function backup(database: Postgres): CopyJob {
  return {
    ...STACK,
    name: "immich-backup",
    networks: [NETWORK],
    repository: "immich",
    tag: "immich-db",
    schedule: "15 3 * * *",
    // A database without the uploads is a list of lost pictures.
    data: [{ volume: "immich-upload", target: "/data/upload" }],
    // Made anew from the originals; Immich does not start without the marker file beside them.
    excludes: ["/data/upload/thumbs/*/*", "/data/upload/encoded-video/*/*"],
    // Made by the database's own container, whose pg_dump fits the server; see docs/adr/0003.
    dumps: database.dumps,
    requires: [{ on: "immich-db", condition: "healthy", strength: "hard" }],
    memory: "256MiB",
    cpus: 0.5,
  };
}
