import type { HostName } from "./host-names.ts";

/** How a secret comes to be. */
export type SecretOrigin =
  /** Made by `homelab secrets init`: `length` random letters and digits after the prefix, if any. */
  | { readonly kind: "generated"; readonly length: number; readonly prefix?: string }
  /** Only a person has it. `example` shows the shape. */
  | { readonly kind: "person"; readonly example: string };

/** One secret of the homelab. */
export interface SecretEntry {
  /** Stacks whose containers use it; each has it in its own encrypted config. */
  readonly hosts: readonly HostName[];
  readonly origin: SecretOrigin;
  /** What it opens, in one line. */
  readonly purpose: string;
}

function generated(hosts: readonly HostName[], purpose: string, length = 32): SecretEntry {
  return { hosts, origin: { kind: "generated", length }, purpose };
}

function person(hosts: readonly HostName[], purpose: string, example: string): SecretEntry {
  return { hosts, origin: { kind: "person", example }, purpose };
}

/** Every secret there is, by its config key (`homelab:<key>`). */
export const SECRETS = {
  "label-key": generated(
    ["vps", "nas", "docker-vm"],
    "key of the fingerprints that make a container restart when one of its secrets changed",
    48,
  ),
  "restic-http-password": generated(["nas", "docker-vm"], "login at the restic REST server"),
  "vps-backup-login": generated(["vps", "nas"], "the VPS's account at the restic REST server"),
  "vps-backup-key": generated(
    ["vps"],
    "encrypts the VPS's backups; without it they cannot be read, so keep a copy elsewhere",
    48,
  ),
  "restic-password": generated(
    ["nas", "docker-vm"],
    "encrypts every backup; without it no backup can be read, so keep a copy elsewhere",
    48,
  ),
  "pihole-password": generated(["vps", "docker-vm"], "Pi-hole's web page"),
  "cloudflare-api-token": person(
    ["docker-vm"],
    "lets Caddy prove the domain by DNS; needed when the certificate issuer is cloudflare",
    "a token with the right Zone.DNS:Edit",
  ),
  "hcloud-token": person(
    ["vps"],
    "rents the VPS's machine; needed when site.vps.provision is hcloud",
    "an API token of the Hetzner Cloud project, read and write, 64 characters",
  ),
  "mqtt-homeassistant-password": generated(["docker-vm"], "Home Assistant at the MQTT broker"),
  "mqtt-frigate-password": generated(["docker-vm"], "Frigate at the MQTT broker"),
  "vaultwarden-admin-token": generated(["docker-vm"], "Vaultwarden's admin page", 48),
  "frigate-front-password": person(["docker-vm"], "front door camera", "the camera's password"),
  "frigate-back-password": person(["docker-vm"], "back yard camera", "the camera's password"),
  "frigate-tapo-user": person(["docker-vm"], "indoor camera's user", "the camera's user name"),
  "frigate-tapo-password": person(["docker-vm"], "indoor camera", "the camera's password"),
  "authelia-jwt": generated(["docker-vm"], "signs Authelia's password reset links", 64),
  "authelia-session": generated(["docker-vm"], "encrypts Authelia's sessions", 64),
  "authelia-encryption": generated(
    ["docker-vm"],
    "encrypts Authelia's database; without it a restored database is useless",
    64,
  ),
  "authelia-admin-password": generated(["docker-vm"], "first person who signs in through Authelia"),
  "paperless-admin-password": generated(["docker-vm"], "Paperless' first user"),
  "paperless-secret-key": generated(["docker-vm"], "signs Paperless' sessions", 64),
  "paperless-db-password": generated(["docker-vm"], "Paperless' database role"),
  "grafana-admin-password": generated(["docker-vm"], "Grafana's first user"),
  "immich-db-password": generated(["docker-vm"], "Immich's database role"),
  // ntfy takes a token only in this shape: "tk_" and 29 more.
  "ntfy-token": {
    hosts: ["vps", "nas", "docker-vm"],
    origin: { kind: "generated", length: 29, prefix: "tk_" },
    purpose: "lets Alertmanager, Home Assistant and the off-site job publish",
  },
  "ntfy-admin-password": generated(["vps"], "first person who reads notifications at ntfy"),
  "homeassistant-token": person(
    ["docker-vm"],
    "lets vmagent read Home Assistant's metrics",
    "a long-lived access token from Home Assistant's profile page",
  ),
  "ntfy-watchtower-password": generated(["vps", "docker-vm"], "Watchtower's user at ntfy"),
  "samba-password": generated(["nas"], "the file shares' user"),
  "javya-db-password": generated(["nas"], "Javya's database role"),
  "javya-secret-key": generated(["nas"], "signs Javya's sessions", 64),
  "restic-vps-password": generated(["vps"], "login at the VPS's own restic REST server"),
  "uptime-kuma-password": generated(["vps"], "Uptime Kuma's first user"),
  "adguard-password": generated(["vps"], "AdGuard Home's web page"),
} as const satisfies Record<string, SecretEntry>;

/** Config key of a secret. */
export type SecretName = keyof typeof SECRETS;

/** The secrets that a stack's config must hold, in a stable order. */
export function secretsOf(host: HostName): SecretName[] {
  const names = Object.keys(SECRETS) as SecretName[];
  return names.filter((name) => (SECRETS[name].hosts as readonly HostName[]).includes(host));
}
