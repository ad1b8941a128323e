import type { CopyJob } from "../../model/copy-job.ts";
import type { AppService } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { postgres, type Postgres } from "../data/postgres.plan.ts";
import { queue } from "../data/queue.plan.ts";
import { reachedThrough, type HomeProxy, type ReachedThrough } from "../edge/proxy.plan.ts";
import { POSTGRES_17_IMAGE } from "../data/postgres.image.ts";
import { REDIS_7_IMAGE } from "../data/queue.image.ts";
import { PAPERLESS_2_20_IMAGE } from "./paperless.image.ts";
import { app } from "../../model/app.ts";
import { byHand, generated, type Secrets } from "../../model/secrets.ts";

const STACK = { stack: "documents" } as const;
const NETWORK = "documents-net";
/** Name of the database and of its role. */
const DATABASE = "paperless";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  // Paperless makes the user at its first start, and leaves one that is there alone. Its commands
  // need the variables that its start read from files, which `docker exec` alone does not have, and
  // its own user, or its log would belong to root (docker/rootfs/usr/local/bin of its v2.20.10).
  "paperless-admin-password": byHand(generated("Paperless' first user"), {
    steps: [
      `pulumi up -s ${hostWith("home")}, which alone changes nothing: Paperless reads it at its first start only`,
      `pulumi config get homelab:paperless-admin-password -s ${hostWith("home")} shows the new one`,
      `ssh -t ${hostWith("home")} docker exec -it paperless-ngx /command/with-contenv s6-setuidgid paperless python3 manage.py changepassword <site.adminUser>, which asks for it`,
    ],
  }),
  "paperless-secret-key": generated("signs Paperless' sessions", 64),
  "paperless-db-password": generated("Paperless' database role"),
};

/** Paperless-ngx, the document archive, with its PostgreSQL, its Redis queue and its backup job. */
export function paperless(site: Site, { at = "paperless", proxy }: ReachedThrough) {
  const database = postgres(site, {
    ...STACK,
    name: "paperless-db",
    image: POSTGRES_17_IMAGE.reference,
    server: ["docker-entrypoint.sh", "postgres"],
    database: DATABASE,
    secret: "paperless-db-password",
    network: NETWORK,
    memory: "256MiB",
    cpus: 0.5,
    category: "documents",
  });
  const tasks = queue(site, {
    ...STACK,
    name: "paperless-redis",
    image: REDIS_7_IMAGE.reference,
    client: "redis-cli",
    network: NETWORK,
    category: "documents",
  });
  return app({
    type: "homelab:documents:Paperless",
    exposes: {
      /** The web page; healthy once it shows the sign-in page. */
      web: "paperless-ngx",
      /** PostgreSQL; its role has the password of the secret, also after a rotation. */
      database: "paperless-db",
    },
    images: [POSTGRES_17_IMAGE, REDIS_7_IMAGE, PAPERLESS_2_20_IMAGE],
    networks: [{ name: NETWORK }],
    services: [database.service, tasks.service, web(site, at, proxy)],
    jobs: [backup(database)],
    secrets: SECRETS,
    // Makes no further superuser where there is one (manage_superuser.py of v2.20.10).
    renamingUser: [
      "Paperless, as {former} in its page: Users & Groups, {former}, Edit: the username {next}",
    ],
    volumes: [
      ...database.volumes,
      tasks.volume,
      { name: "paperless-data" },
      { name: "paperless-media", neverLose: true },
      { name: "paperless-consume", notCopied: "files that wait to be read in, for minutes" },
      { name: "paperless-export", notCopied: "exports made by hand, of what is copied anyway" },
    ],
  });
}

function web(site: Site, at: string, proxy: HomeProxy): AppService {
  return {
    ...STACK,
    name: "paperless-ngx",
    image: PAPERLESS_2_20_IMAGE.reference,
    env: {
      TZ: site.timezone,
      PAPERLESS_REDIS: "redis://paperless-redis:6379",
      PAPERLESS_DBHOST: "paperless-db",
      PAPERLESS_DBNAME: DATABASE,
      PAPERLESS_DBUSER: DATABASE,
      // The image's init-env-file step reads PAPERLESS_*_FILE as root.
      PAPERLESS_DBPASS_FILE: "/run/secrets/db-password",
      PAPERLESS_ADMIN_USER: site.adminUser,
      PAPERLESS_ADMIN_PASSWORD_FILE: "/run/secrets/admin-password",
      PAPERLESS_SECRET_KEY_FILE: "/run/secrets/secret-key",
      PAPERLESS_URL: `https://${at}.${site.domain}`,
      PAPERLESS_OCR_LANGUAGE: "spa+eng",
      PAPERLESS_TASK_WORKERS: "1",
      PAPERLESS_THREADS_PER_WORKER: "1",
      PAPERLESS_TIME_ZONE: site.timezone,
    },
    networks: [{ name: NETWORK }, { name: proxy.network }],
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
    // Server, worker, its child and scheduler are each a whole Django: 400 MB after the start,
    // more than 700 MB once documents come in (paperless-ngx/paperless-ngx#13692).
    limits: { memory: "2GiB", cpus: 1 },
    // KILL: s6-supervise stays root, and has to tell processes of uid 1000 to end.
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"],
    requires: [
      { on: "paperless-db", condition: "healthy", strength: "hard" },
      { on: "paperless-redis", condition: "healthy", strength: "hard" },
      reachedThrough(proxy),
    ],
    category: "documents",
    watchUpdates: true,
    routes: [{ name: at, port: 8000, auth: true }],
    tile: {
      group: "Documents",
      title: "Paperless-ngx",
      description: "Scanned documents and their search",
      icon: "paperless-ngx.png",
    },
  };
}

function backup(database: Postgres): CopyJob {
  return {
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
    // Files without the database would come back without tags and correspondents.
    dumps: database.dumps,
    requires: [{ on: "paperless-ngx", condition: "started", strength: "hard" }],
  };
}
