import { http, ok, STAND_IN } from "../stand-in.ts";
import { ALPINE, DEBIAN } from "../check-programs.ts";
import type { ProcessTree } from "../process-tree.ts";
import { folder, script, PYTHON } from "../path-entry.ts";
import type { ImageEntry } from "../types.ts";

/** As the images of linuxserver.io: s6-overlay, and the household's user below it. */
export function household(...server: readonly string[]): ProcessTree {
  return {
    first: "s6",
    script: "/init",
    user: { uid: "${PUID:-911}", gid: "${PGID:-911}" },
    owns: ["/config"],
    server,
  };
}

/** What their base image has: Alpine with curl and bash. */
export const HOUSEHOLD_PROGRAMS = [...ALPINE, "bash", "curl"] as const;

/** One of the managers of films and series, all of the same make. */
function manager(name: string, tag: string, port: number): ImageEntry {
  return {
    reference: `lscr.io/linuxserver/${name}:${tag}`,
    kind: "stand-in",
    program: name[0]?.toUpperCase() + name.slice(1),
    limits: "ports, health and the household's user only",
    secrets: "keys in /config/config.xml",
    source: "linuxserver.io documentation, Understanding PUID and PGID; Servarr wiki",
    user: "",
    becomes: "PUID:PGID, 911:911 where they are unset",
    has: HOUSEHOLD_PROGRAMS,
    volumes: ["/config"],
    ports: [String(port)],
    tree: household(STAND_IN),
    paths: [folder("/config", 911, 911)],
    standIn: {
      startupMs: 1200,
      writes: ["/config"],
      databases: [`/config/${name}.db`],
      listen: [http(port, ok("/ping", '{"status": "OK"}'))],
    },
  };
}

/** The part of Immich that computes. */
const IMMICH_LEARNING: ImageEntry = {
  reference: "ghcr.io/immich-app/immich-machine-learning:v2.6.1",
  kind: "stand-in",
  program: "Immich machine learning",
  limits: "port and health only",
  secrets: "none needed",
  source: "immich-app/immich 990aff4 machine-learning/Dockerfile",
  user: "",
  has: [...DEBIAN, "python"],
  volumes: [],
  ports: ["3003"],
  entrypoint: ["/sbin/tini", "--"],
  command: [STAND_IN],
  workingFolder: "/usr/src",
  paths: [folder("/cache"), ...PYTHON],
  standIn: {
    startupMs: 1000,
    writes: ["/cache"],
    listen: [http(3003, ok("/ping", "pong", "text/plain"))],
  },
};

/** Photos, films, series and the page watcher. */
export const MEDIA: readonly ImageEntry[] = [
  {
    reference: "ghcr.io/immich-app/immich-server:v2.6.1",
    kind: "stand-in",
    program: "Immich server",
    limits: "ports, health and start-up needs only; logs in to PostgreSQL and asks Redis",
    secrets:
      "DB_PASSWORD_FILE, DB_USERNAME_FILE, DB_DATABASE_NAME_FILE, DB_HOSTNAME_FILE, REDIS_PASSWORD_FILE",
    source: "immich-app/immich 990aff4 server/Dockerfile and server/bin/start.sh",
    user: "",
    has: [...DEBIAN, "curl"],
    volumes: ["/data"],
    ports: ["2283"],
    entrypoint: ["/sbin/tini", "--"],
    command: [STAND_IN],
    workingFolder: "/usr/src/app",
    paths: [folder("/usr/src/app"), folder("/data")],
    standIn: {
      startupMs: 1800,
      writes: ["/data", "/usr/src/app/upload"],
      secrets: [
        "DB_PASSWORD",
        "DB_USERNAME",
        "DB_DATABASE_NAME",
        "DB_HOSTNAME",
        "REDIS_PASSWORD",
      ].map((name) => ({
        name,
        fileEnv: `${name}_FILE`,
      })),
      needs: [
        {
          kind: "postgres",
          address: "${DB_HOSTNAME:-database}:${DB_PORT:-5432}",
          user: "${DB_USERNAME:-postgres}",
          password: "${DB_PASSWORD:-postgres}",
          database: "${DB_DATABASE_NAME:-immich}",
        },
        {
          kind: "redis",
          address: "${REDIS_HOSTNAME:-redis}:${REDIS_PORT:-6379}",
          password: "${REDIS_PASSWORD}",
        },
      ],
      listen: [
        http(
          2283,
          ok("/api/server/ping", '{"res":"pong"}'),
          ok("/api/server/version", '{"major":2,"minor":6,"patch":1}'),
        ),
      ],
    },
  },
  IMMICH_LEARNING,
  {
    reference: "docker.io/jellyfin/jellyfin:10.9.11",
    kind: "stand-in",
    program: "Jellyfin",
    limits: "port and health only; opens no film and no device",
    secrets: "none needed",
    source: "Jellyfin documentation, Container and Monitoring",
    user: "",
    has: [...DEBIAN, "curl"],
    volumes: ["/config", "/cache"],
    ports: ["8096"],
    entrypoint: ["/jellyfin/jellyfin"],
    env: { JELLYFIN_DATA_DIR: "/config", JELLYFIN_CACHE_DIR: "/cache" },
    paths: [
      folder("/config"),
      folder("/cache"),
      folder("/jellyfin"),
      { kind: "link", path: "/jellyfin/jellyfin", target: STAND_IN },
    ],
    standIn: {
      startupMs: 1400,
      writes: ["/config", "/cache"],
      databases: ["/config/data/jellyfin.db"],
      listen: [
        http(
          8096,
          ok("/health", "Healthy", "text/plain"),
          ok("/System/Info/Public", '{"Version":"10.9.11","StartupWizardCompleted":true}'),
        ),
      ],
    },
  },
  manager("sonarr", "4.0.16", 8989),
  manager("radarr", "6.0.4", 7878),
  manager("prowlarr", "2.3.0", 9696),
  {
    reference: "lscr.io/linuxserver/qbittorrent:5.1.4",
    kind: "real",
    program: "qBittorrent 4.5 of Debian",
    limits:
      "release 4.5 under this tag, with its fixed first password; it finds no peer in the sandbox",
    secrets: "password hash in /config/qBittorrent/qBittorrent.conf",
    source: "linuxserver.io documentation of docker-qbittorrent",
    user: "",
    becomes: "PUID:PGID, 911:911 where they are unset",
    has: HOUSEHOLD_PROGRAMS,
    volumes: ["/config"],
    ports: ["8080", "6881", "6881/udp"],
    tree: household("/usr/local/bin/qbittorrent"),
    env: { HOME: "/config", XDG_CONFIG_HOME: "/config", XDG_DATA_HOME: "/config/data" },
    paths: [folder("/config", 911, 911), script("/usr/local/bin/qbittorrent", "qbittorrent.sh")],
  },
  {
    reference: "ghcr.io/dgtlmoon/changedetection.io:0.50.43",
    kind: "stand-in",
    program: "changedetection.io",
    limits: "port and health only; watches no page",
    secrets: "SALTED_PASS as a variable; otherwise set in the browser",
    source: "changedetection.io README and docker-compose.yml",
    user: "",
    has: [...DEBIAN, "python"],
    volumes: [],
    ports: ["5000"],
    entrypoint: [STAND_IN],
    paths: [folder("/datastore"), ...PYTHON],
    standIn: {
      startupMs: 800,
      writes: ["/datastore"],
      listen: [http(5000, ok("/api/v1/systeminfo", '{"version":"0.50.43-standin"}'))],
    },
  },
  {
    reference: "docker.io/dgtlmoon/sockpuppetbrowser:0.0.3",
    kind: "stand-in",
    program: "sockpuppetbrowser",
    limits:
      "no browser; answers a plain GET on port 3000 with 200, where the original wants a web socket",
    secrets: "none needed",
    source: "dgtlmoon/sockpuppetbrowser README and backend/docker-health-check.py",
    user: "1000:1000",
    has: [...ALPINE, "python"],
    volumes: [],
    ports: ["3000", "8080"],
    entrypoint: ["/sbin/tini", "--"],
    command: [STAND_IN],
    standIn: {
      startupMs: 600,
      listen: [
        http(3000),
        http(8080, ok("/stats", '{"active_connections":0,"connection_count_total":0}')),
      ],
    },
  },
];
