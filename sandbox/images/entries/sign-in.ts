import { http, NO_WORK, ok, STAND_IN } from "../stand-in.ts";
import { DEBIAN } from "../check-programs.ts";
import { folder, link } from "../path-entry.ts";
import type { ImageEntry } from "../types.ts";

/** Who logs in, and with which passwords. */
export const SIGN_IN: readonly ImageEntry[] = [
  {
    reference: "docker.io/vaultwarden/server:1.35.2",
    kind: "stand-in",
    program: "Vaultwarden",
    limits: NO_WORK,
    secrets: "<VARIABLE>_FILE for every variable, e.g. ADMIN_TOKEN_FILE",
    source: "Vaultwarden wiki, Configuration overview; src/api/web.rs for /alive",
    user: "",
    has: [...DEBIAN, "curl"],
    volumes: ["/data"],
    ports: ["80"],
    entrypoint: [STAND_IN],
    workingFolder: "/",
    env: { ROCKET_PROFILE: "release", ROCKET_ADDRESS: "0.0.0.0", ROCKET_PORT: "80" },
    paths: [folder("/data")],
    standIn: {
      startupMs: 500,
      writes: ["/data"],
      databases: ["/data/db.sqlite3"],
      secrets: [{ name: "ADMIN_TOKEN", fileEnv: "ADMIN_TOKEN_FILE" }],
      listen: [http(80, ok("/alive", "@time"), ok("/api/alive", "@time"))],
    },
  },
  {
    reference: "docker.io/authelia/authelia:4.39.15",
    kind: "stand-in",
    program: "Authelia",
    limits:
      "checks pbkdf2-sha512 passwords; asks no second factor, knows no access rules, a session never ends",
    secrets: "<AUTHELIA_VARIABLE>_FILE",
    source: "Authelia documentation, Proxy authorization and Methods/Files; internal/handlers",
    user: "",
    becomes: "PUID:PGID, root where they are unset",
    has: ["sh", "wget"],
    volumes: [],
    ports: ["9091"],
    tree: {
      first: "exec",
      script: "/app/entrypoint.sh",
      user: { uid: "${PUID:-0}", gid: "${PGID:-0}" },
      owns: ["/config"],
      server: [STAND_IN],
    },
    workingFolder: "/app",
    env: { PUID: "0", PGID: "0", X_AUTHELIA_CONFIG: "/config/configuration.yml" },
    paths: [folder("/app"), folder("/config"), link("/usr/local/bin/authelia", STAND_IN)],
    standIn: {
      role: "authelia",
      startupMs: 600,
      files: ["/config/configuration.yml", "/config/users_database.yml"],
      writes: ["/data"],
      databases: ["/data/db.sqlite3"],
      secrets: [
        {
          name: "AUTHELIA_SESSION_SECRET",
          fileEnv: "AUTHELIA_SESSION_SECRET_FILE",
          required: true,
        },
        {
          name: "AUTHELIA_STORAGE_ENCRYPTION_KEY",
          fileEnv: "AUTHELIA_STORAGE_ENCRYPTION_KEY_FILE",
          required: true,
        },
        {
          name: "AUTHELIA_IDENTITY_VALIDATION_RESET_PASSWORD_JWT_SECRET",
          fileEnv: "AUTHELIA_IDENTITY_VALIDATION_RESET_PASSWORD_JWT_SECRET_FILE",
        },
        { name: "AUTHELIA_JWT_SECRET", fileEnv: "AUTHELIA_JWT_SECRET_FILE" },
      ],
      values: [
        { name: "SESSION_NAME", file: "/config/configuration.yml", path: "session.name" },
        {
          name: "SESSION_DOMAIN",
          file: "/config/configuration.yml",
          path: "session.cookies.domain",
        },
        {
          name: "AUTHELIA_URL",
          file: "/config/configuration.yml",
          path: "session.cookies.authelia_url",
        },
        {
          name: "USERS_FILE",
          file: "/config/configuration.yml",
          path: "authentication_backend.file.path",
        },
      ],
      listen: [http(9091, ok("/api/health", '{"status":"OK"}'))],
      commands: [{ args: ["healthcheck"], get: "http://127.0.0.1:9091/api/health" }],
    },
  },
];
