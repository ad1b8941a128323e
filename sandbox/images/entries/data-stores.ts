import { ALPINE as ALPINE_PROGRAMS, DEBIAN as DEBIAN_PROGRAMS } from "../check-programs.ts";
import { folder, link, script, textFile, type PathEntry } from "../path-entry.ts";
import type { Account, ImageEntry } from "../types.ts";

/** PostgreSQL as the official image runs it, with the user numbers of the variant. */
function postgres(
  reference: string,
  account: Account,
  limits: string,
  more: readonly PathEntry[] = [],
): ImageEntry {
  return {
    reference,
    kind: "real",
    program: "PostgreSQL 15 of Debian",
    limits,
    secrets:
      "POSTGRES_PASSWORD_FILE, POSTGRES_USER_FILE, POSTGRES_DB_FILE, POSTGRES_INITDB_ARGS_FILE",
    source: "documentation of the official image, docker-library/docs postgres",
    user: "",
    becomes: `${account.uid}:${account.gid}`,
    has: account === ALPINE ? [...ALPINE_PROGRAMS, "bash"] : DEBIAN_PROGRAMS,
    volumes: ["/var/lib/postgresql/data"],
    ports: ["5432"],
    entrypoint: ["docker-entrypoint.sh"],
    command: ["postgres"],
    env: { PGDATA: "/var/lib/postgresql/data", LANG: "C.UTF-8" },
    stopSignal: "SIGINT",
    accounts: [account],
    paths: [
      script("/usr/local/bin/docker-entrypoint.sh", "postgres.sh"),
      folder("/docker-entrypoint-initdb.d"),
      folder("/run/postgresql", account.uid, account.gid, 0o3777),
      folder("/var/lib/postgresql", account.uid, account.gid),
      folder("/var/lib/postgresql/data", account.uid, account.gid, 0o1777),
      ...more,
    ],
  };
}

const ALPINE: Account = { name: "postgres", uid: 70, gid: 70, home: "/var/lib/postgresql" };
const DEBIAN: Account = { name: "postgres", uid: 999, gid: 999, home: "/var/lib/postgresql" };
const AGE = "release 15, whatever the tag says; a data folder made by another release is refused";

/** Redis, or Valkey, which is the same server under its new name. */
function redis(reference: string, name: string, gid: number): ImageEntry {
  return {
    reference,
    kind: "real",
    program: "Redis 7.0 of Debian",
    limits:
      name === "redis" ? "none known" : "Redis under Valkey's names; none of what Valkey added",
    secrets: "a configuration file, or --requirepass; the image reads no variable",
    source: `documentation of the official image, docker-library/docs ${name}`,
    user: "",
    becomes: `999:${gid}`,
    has: name === "redis" ? ALPINE_PROGRAMS : DEBIAN_PROGRAMS,
    // Valkey 8.1 declares none.
    volumes: name === "redis" ? ["/data"] : [],
    ports: ["6379"],
    entrypoint: ["docker-entrypoint.sh"],
    command: [`${name}-server`],
    env: { SERVER: `${name}-server` },
    workingFolder: "/data",
    accounts: [{ name, uid: 999, gid }],
    paths: [script("/usr/local/bin/docker-entrypoint.sh", "redis.sh"), folder("/data", 999, gid)],
  };
}

const AUTHORITY = "release 2.0.11, the line the tag asks for";

/** Databases, caches and the message broker. */
export const DATA_STORES: readonly ImageEntry[] = [
  postgres("docker.io/library/postgres:17-alpine", ALPINE, AGE),
  postgres("docker.io/library/postgres:16-alpine", ALPINE, AGE),
  postgres(
    "ghcr.io/immich-app/postgres:17-vectorchord0.5.3",
    DEBIAN,
    `${AGE}; no vector extension`,
    [
      link("/usr/local/bin/immich-docker-entrypoint.sh", "docker-entrypoint.sh"),
      textFile("/etc/postgresql/postgresql.conf", "listen_addresses = '*'\n"),
    ],
  ),
  redis("docker.io/library/redis:7-alpine", "redis", 1000),
  redis("docker.io/valkey/valkey:8", "valkey", 999),
  {
    reference: "docker.io/library/eclipse-mosquitto:2.0",
    kind: "real",
    program: "Mosquitto 2.0 of Debian",
    limits: AUTHORITY,
    secrets: "password_file in mosquitto.conf; read by the broker after it changed its user",
    source:
      "documentation of the official image and its Dockerfile, eclipse-mosquitto/mosquitto docker/2.0",
    user: "",
    becomes: "1883:1883",
    has: ALPINE_PROGRAMS,
    volumes: ["/mosquitto/data", "/mosquitto/log"],
    ports: ["1883"],
    entrypoint: ["/docker-entrypoint.sh"],
    command: ["/usr/sbin/mosquitto", "-c", "/mosquitto/config/mosquitto.conf"],
    accounts: [{ name: "mosquitto", uid: 1883, gid: 1883 }],
    paths: [
      script("/docker-entrypoint.sh", "mosquitto.sh"),
      folder("/mosquitto", 1883, 1883),
      folder("/mosquitto/config", 1883, 1883),
      folder("/mosquitto/data", 1883, 1883),
      folder("/mosquitto/log", 1883, 1883),
      {
        kind: "file",
        path: "/mosquitto/config/mosquitto.conf",
        content: { text: "# Without a listener of its own it answers this container only.\n" },
        uid: 1883,
        gid: 1883,
      },
    ],
  },
];
