import type { HostName } from "./host-names.ts";

/** How a secret comes to be. */
export type SecretOrigin =
  /** Made by `homelab secrets init`: `length` random letters and digits after the prefix, if any. */
  | { readonly kind: "generated"; readonly length: number; readonly prefix?: string }
  /** Only a person has it. `example` shows the shape. */
  | { readonly kind: "person"; readonly example: string };

/** How a secret gets another value. */
export type SecretRotation =
  /** A new value in the config and a deployment: whoever uses it takes it from there. */
  | { readonly kind: "deploy" }
  /** Another value is of no use. */
  | { readonly kind: "never"; readonly why: string }
  /** A person has a part in it. */
  | { readonly kind: "by-hand"; readonly steps: readonly string[] };

/** One secret of the homelab. */
export interface SecretEntry {
  /** Stacks whose containers use it; each has it in its own encrypted config. */
  readonly hosts: readonly HostName[];
  readonly origin: SecretOrigin;
  /** What it opens, in one line. */
  readonly purpose: string;
  /** Data that was encrypted with it: another value alone does not open it. @default none */
  readonly boundTo?: string;
  readonly rotation: SecretRotation;
}

/** The first step where repositories have the secret for their key. */
const ADD_KEY =
  "on the hosts that have it, in each container whose name ends in -backup: ssh -t <host> docker exec -it <container> restic --repository-file /run/secrets/restic-repository --password-file /run/secrets/restic-password key add; it asks for a value: choose one, of 48 letters and digits, for all of them";

const DEPLOY = { kind: "deploy" } as const;

function generated(hosts: readonly HostName[], purpose: string, length = 32): SecretEntry {
  return { hosts, origin: { kind: "generated", length }, purpose, rotation: DEPLOY };
}

function person(hosts: readonly HostName[], purpose: string, example: string): SecretEntry {
  return { hosts, origin: { kind: "person", example }, purpose, rotation: DEPLOY };
}

/** A generated one that is more than a line in the config. */
function special(
  entry: SecretEntry,
  how: Pick<SecretEntry, "boundTo"> & { readonly steps: readonly string[] },
): SecretEntry {
  const { steps, ...bound } = how;
  return { ...entry, ...bound, rotation: { kind: "by-hand", steps } };
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
  "vps-backup-key": special(
    generated(
      ["vps"],
      "encrypts the VPS's backups; without it they cannot be read, so keep a copy elsewhere",
      48,
    ),
    {
      boundTo: "the VPS's repositories at the restic REST server",
      steps: [
        ADD_KEY,
        "pulumi config set --secret homelab:vps-backup-key -s vps, with the value that you chose",
        "pulumi up -s vps",
      ],
    },
  ),
  "restic-password": special(
    generated(
      ["nas", "docker-vm"],
      "encrypts every backup; without it no backup can be read, so keep a copy elsewhere",
      48,
    ),
    {
      boundTo: "every repository at the restic REST server, and their copies elsewhere",
      steps: [
        ADD_KEY,
        "pulumi config set --secret homelab:restic-password -s nas, with the value that you chose; the same with -s docker-vm",
        "pulumi up -s nas, then pulumi up -s docker-vm",
      ],
    },
  ),
  "pihole-password": generated(["vps", "docker-vm"], "Pi-hole's web page"),
  "cloudflare-api-token": person(
    ["docker-vm"],
    "lets Caddy prove the domain by DNS; needed when the certificate issuer is cloudflare",
    "a token with the rights Zone.Zone:Read and Zone.DNS:Edit",
  ),
  "hcloud-token": person(
    ["vps"],
    "rents the VPS's machine; needed when site.vps.provision is hcloud",
    "an API token of the Hetzner Cloud project, read and write, 64 characters",
  ),
  "mqtt-homeassistant-password": special(
    generated(["docker-vm"], "Home Assistant at the MQTT broker"),
    {
      steps: [
        "pulumi up -s docker-vm: from then on the broker refuses Home Assistant's old password",
        "pulumi config get homelab:mqtt-homeassistant-password -s docker-vm shows the new one",
        "in Home Assistant's page: Settings, Devices & services, MQTT, Reconfigure: enter it there (user homeassistant)",
      ],
    },
  ),
  "mqtt-frigate-password": generated(["docker-vm"], "Frigate at the MQTT broker"),
  "vaultwarden-admin-token": generated(["docker-vm"], "Vaultwarden's admin page", 48),
  "frigate-front-password": person(["docker-vm"], "front door camera", "the camera's password"),
  "frigate-back-password": person(["docker-vm"], "back yard camera", "the camera's password"),
  "frigate-tapo-user": person(["docker-vm"], "indoor camera's user", "the camera's user name"),
  "frigate-tapo-password": person(["docker-vm"], "indoor camera", "the camera's password"),
  "authelia-jwt": generated(["docker-vm"], "signs Authelia's password reset links", 64),
  "authelia-session": generated(["docker-vm"], "encrypts Authelia's sessions", 64),
  "authelia-encryption": special(
    generated(
      ["docker-vm"],
      "encrypts Authelia's database; without it a restored database is useless",
      64,
    ),
    {
      boundTo: "Authelia's database and its backups",
      steps: [
        "ssh -t docker-vm docker exec -it authelia authelia storage encryption change-key, which asks for a value of your choice (64 letters and digits)",
        "pulumi config set --secret homelab:authelia-encryption -s docker-vm, with the same value",
        "pulumi up -s docker-vm; keep the old value as long as you keep backups from before",
      ],
    },
  ),
  "authelia-admin-password": generated(["docker-vm"], "first person who signs in through Authelia"),
  // Paperless makes the user at its first start, and leaves one that is there alone.
  "paperless-admin-password": special(generated(["docker-vm"], "Paperless' first user"), {
    steps: [
      "pulumi up -s docker-vm, which alone changes nothing: Paperless reads it at its first start only",
      "pulumi config get homelab:paperless-admin-password -s docker-vm shows the new one",
      "ssh -t docker-vm docker exec -it paperless-ngx python3 manage.py changepassword <site.adminUser>, which asks for it",
    ],
  }),
  "paperless-secret-key": generated(["docker-vm"], "signs Paperless' sessions", 64),
  "paperless-db-password": generated(["docker-vm"], "Paperless' database role"),
  // GF_SECURITY_ADMIN_PASSWORD counts when Grafana makes its database.
  "grafana-admin-password": special(generated(["docker-vm"], "Grafana's first user"), {
    steps: [
      "pulumi up -s docker-vm, which alone changes nothing: Grafana reads it at its first start only",
      `ssh docker-vm 'docker exec grafana sh -c "grafana cli admin reset-admin-password --password-from-stdin < /run/secrets/admin-password"'`,
    ],
  }),
  "immich-db-password": generated(["docker-vm"], "Immich's database role"),
  // ntfy takes a token only in this shape: "tk_" and 29 more.
  "ntfy-token": {
    hosts: ["vps", "nas", "docker-vm"],
    origin: { kind: "generated", length: 29, prefix: "tk_" },
    purpose: "lets Alertmanager, Home Assistant and the off-site job publish",
    rotation: DEPLOY,
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
