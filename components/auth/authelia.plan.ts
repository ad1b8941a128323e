import { reachedThrough, type HomeProxy } from "../edge/proxy.plan.ts";
import type { PortalUser, FileDeclaration } from "../../model/declared-files.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { autheliaConfig } from "./authelia-config.plan.ts";
import { AUTHELIA_4_39_IMAGE } from "./authelia.image.ts";
import { app } from "../../model/app.ts";
import { byHand, generated, type SecretName, type Secrets } from "../../model/secrets.ts";

/** What Authelia has to know beside the site. */
export interface AutheliaArgs {
  /** Who asks it, and whom people open its page through. */
  readonly proxy: HomeProxy;
  /** Full names of the sites that ask Authelia, from `protectedNames(site, hosts)`. */
  readonly protectedNames: readonly string[];
  /** Further people who can sign in, beside the site's first user. @default none */
  readonly users?: Readonly<Record<string, PortalUser>>;
}

const STACK = "auth";
const USERS_FILE = "/config/users_database.yml";

/** Secret files by the variable that names them; every setting of Authelia has a _FILE form. */
const SECRET_FILES = {
  // Called AUTHELIA_JWT_SECRET_FILE before version 4.38.
  AUTHELIA_IDENTITY_VALIDATION_RESET_PASSWORD_JWT_SECRET_FILE: {
    path: "/config/secrets/jwt",
    secret: "authelia-jwt",
  },
  AUTHELIA_SESSION_SECRET_FILE: { path: "/config/secrets/session", secret: "authelia-session" },
  AUTHELIA_STORAGE_ENCRYPTION_KEY_FILE: {
    path: "/config/secrets/encryption",
    secret: "authelia-encryption",
  },
} as const satisfies Record<string, { readonly path: string; readonly secret: SecretName }>;

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "authelia-jwt": generated("signs Authelia's password reset links", 64),
  "authelia-session": generated("encrypts Authelia's sessions", 64),
  "authelia-encryption": byHand(
    generated("encrypts Authelia's database; without it a restored database is useless", 64),
    {
      boundTo: "Authelia's database and its backups",
      steps: [
        `ssh -t ${hostWith("home")} docker exec -it authelia authelia storage encryption change-key, which asks for a value of your choice (64 letters and digits)`,
        `pulumi config set --secret homelab:authelia-encryption -s ${hostWith("home")}, with the same value`,
        `pulumi up -s ${hostWith("home")}; keep the old value as long as you keep backups from before`,
      ],
    },
  ),
  "authelia-admin-password": generated("first person who signs in through Authelia"),
};

/**
 * Authelia, which the proxy asks before it lets a visitor into a protected site; with its backup.
 * Starts after the proxy.
 */
export function authelia(site: Site, args: AutheliaArgs) {
  const { proxy } = args;
  const secrets = Object.entries(SECRET_FILES);
  return app({
    type: "homelab:auth:Authelia",
    exposes: {
      /** The portal and the check behind it; healthy once its API says so. */
      portal: "authelia",
      /** Copies second factors and sessions each night. */
      backup: "authelia-backup",
    },
    images: [AUTHELIA_4_39_IMAGE],
    services: [
      {
        name: "authelia",
        stack: STACK,
        image: AUTHELIA_4_39_IMAGE.reference,
        env: {
          TZ: site.timezone,
          ...Object.fromEntries(secrets.map(([variable, { path }]) => [variable, path])),
        },
        networks: [{ name: proxy.network }],
        ports: [{ bind: "127.0.0.1", host: 9091, container: 9091, protocol: "tcp" }],
        mounts: [
          { kind: "volume", volume: "authelia-data", target: "/data" },
          // Images that declare /config as a volume would leave one behind at each replacement.
          { kind: "tmpfs", target: "/config", size: "1MiB" },
        ],
        files: [
          {
            target: "/config/configuration.yml",
            content: {
              kind: "text",
              text: autheliaConfig(site, {
                protectedNames: args.protectedNames,
                usersFile: USERS_FILE,
              }),
            },
          },
          {
            target: USERS_FILE,
            content: { kind: "authelia-users", users: { ...firstUser(site), ...args.users } },
            owner: "0:0",
          },
          ...secrets.map(([, { path, secret }]): FileDeclaration => ({
            target: path,
            content: { kind: "secret", secret },
            owner: "0:0",
          })),
        ],
        health: {
          test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9091/api/health"],
          timeout: "3s",
          startPeriod: "60s",
        },
        limits: { memory: "512MiB", cpus: 1 },
        capabilities: ["SETGID", "SETUID"],
        requires: [reachedThrough(proxy)],
        category: "auth",
        critical: true,
        watchUpdates: true,
        routes: [{ name: "auth", port: 9091 }],
        probes: [
          {
            name: "Authelia",
            kind: "http",
            target: "https://auth.{domain}/api/health",
            interval: "300s",
            tier: "warning",
          },
        ],
        tile: {
          group: "Security",
          title: "Authelia",
          description: "Sign in once for all",
          icon: "authelia.png",
        },
      },
    ],
    jobs: [
      {
        name: "authelia-backup",
        stack: STACK,
        networks: [proxy.network],
        repository: "authelia",
        schedule: "30 3 * * *",
        data: [{ volume: "authelia-data", target: "/data" }],
        sqlite: ["/data/db.sqlite3"],
        requires: [
          {
            on: "authelia",
            condition: "healthy",
            strength: "hard",
            why: "copies its database",
          },
        ],
        category: "auth",
        watchUpdates: false,
      },
    ],
    secrets: SECRETS,
    volumes: [{ name: "authelia-data", neverLose: true }],
  });
}

function firstUser(site: Site): Record<string, PortalUser> {
  return {
    [site.adminUser]: {
      displayName: site.adminUser,
      email: `${site.adminUser}@${site.domain}`,
      groups: ["admin", "homelab"],
      secret: "authelia-admin-password",
    },
  };
}
