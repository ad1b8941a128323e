import { copiedVolumes } from "../backup/copied-volumes.plan.ts";
import type { HomeProxy } from "../edge/proxy.plan.ts";
import type { VolumeDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { VAULTWARDEN_1_35_IMAGE } from "./vaultwarden.image.ts";
import { app } from "../../model/app.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

/** What Vaultwarden has to know beside the site. */
export interface VaultwardenArgs {
  /** Whom people open it through. */
  readonly proxy: HomeProxy;
  /** Anybody who opens the page may make an account. @default false */
  readonly signups?: boolean;
  /** Volumes of its host: its job copies those that name it. @default none */
  readonly volumes?: readonly VolumeDeclaration[];
}

const BACKUP = "vaultwarden-backup";
const STACK = "security";
const ADMIN_TOKEN_FILE = "/run/secrets/vaultwarden-admin-token";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "vaultwarden-admin-token": generated("Vaultwarden's admin page", 48),
};

/** Vaultwarden, the household's passwords, with its backup; runs without any other service. */
export function vaultwarden(site: Site, { proxy, ...args }: VaultwardenArgs) {
  const others = copiedVolumes(args.volumes ?? [], BACKUP);
  return app({
    type: "homelab:security:Vaultwarden",
    exposes: {
      /** The server; healthy once it is alive and its database open. */
      server: "vaultwarden",
      /** Copies the vault each night. */
      backup: "vaultwarden-backup",
    },
    images: [VAULTWARDEN_1_35_IMAGE],
    networks: [{ name: "security-net" }],
    services: [
      {
        name: "vaultwarden",
        stack: STACK,
        image: VAULTWARDEN_1_35_IMAGE.reference,
        env: {
          TZ: site.timezone,
          DOMAIN: `https://vault.${site.domain}`,
          SIGNUPS_ALLOWED: String(args.signups ?? false),
          // Not WEBSOCKET_ENABLED, a name that is no longer read.
          ENABLE_WEBSOCKET: "true",
          LOG_LEVEL: "info",
          // The proxy writes this header anew; the default, X-Real-IP, it passes on as visitors claim
          // it, who could so have as many tries at a password as they like.
          IP_HEADER: "X-Forwarded-For",
          // Every setting can be named with _FILE (get_env_str_value in Vaultwarden's util.rs).
          ADMIN_TOKEN_FILE,
        },
        networks: [{ name: "security-net" }, { name: proxy.network }],
        ports: [{ bind: "127.0.0.1", host: 8843, container: 80, protocol: "tcp" }],
        mounts: [
          { kind: "volume", volume: "vaultwarden-data", target: "/data" },
          { kind: "tmpfs", target: "/tmp", size: "64MiB" },
        ],
        files: [
          {
            target: ADMIN_TOKEN_FILE,
            content: { kind: "secret", secret: "vaultwarden-admin-token" },
            owner: "0:0",
          },
        ],
        health: {
          test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://localhost:80/alive"],
        },
        limits: { memory: "256MiB", cpus: 0.5 },
        readOnlyRoot: true,
        category: "security",
        critical: true,
        routes: [{ name: "vault", port: 80 }],
        probes: [
          {
            name: "Vaultwarden",
            kind: "http",
            target: "https://vault.{domain}/alive",
            interval: "60s",
            tier: "critical",
          },
        ],
        tile: {
          group: "Security",
          title: "Vaultwarden",
          description: "Passwords",
          icon: "vaultwarden.png",
        },
      },
    ],
    jobs: [
      {
        name: BACKUP,
        stack: STACK,
        networks: ["security-net"],
        repository: "vaultwarden",
        schedule: "0 2 * * *",
        data: [{ volume: "vaultwarden-data", target: "/data" }, ...others.data],
        excludes: others.excludes,
        // Copied like any other file, an open database may be torn.
        sqlite: ["/data/db.sqlite3", ...others.sqlite],
        requires: [
          {
            on: "vaultwarden",
            condition: "healthy",
            strength: "hard",
            why: "copies its database",
          },
        ],
      },
    ],
    secrets: SECRETS,
    volumes: [{ name: "vaultwarden-data", neverLose: true }],
  });
}
