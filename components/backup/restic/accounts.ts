import { hasRole, hostsAtHome, hostWith, type HostName } from "../../../model/host-names.ts";
import { byHand, generated, type SecretName, type Secrets } from "../../../model/secrets.ts";

/** An account at the restic server. Its repositories lie below a folder of its name. */
export interface ResticAccount {
  readonly user: string;
  /** Opens the account. */
  readonly login: SecretName;
  /** Encrypts its repositories. */
  readonly key: SecretName;
}

const VPS = hostWith("coordinator");
const STORAGE = hostWith("storage");
/** The hosts that share the account of the home, the storage first. */
const AT_HOME = [STORAGE, ...hostsAtHome().filter((host) => host !== STORAGE)];

/** The accounts at the storage's restic server. */
export const RESTIC_ACCOUNTS = {
  /** NAS and Docker VM. */
  home: { user: "homelab", login: "restic-http-password", key: "restic-password" },
  /**
   * The VPS stands on the internet: with what it knows, nobody can read or delete the copies of
   * the hosts at home.
   */
  vps: { user: VPS, login: `${VPS}-backup-login`, key: `${VPS}-backup-key` },
} as const satisfies Record<string, ResticAccount>;

/** The first step where repositories have the secret for their key. */
const ADD_KEY =
  "on the hosts that have it, in each container whose name ends in -backup: ssh -t <host> docker exec -it <container> restic --repository-file /run/secrets/restic-repository --password-file /run/secrets/restic-password key add; it asks for a value: choose one, of 48 letters and digits, for all of them";

/** The last one: until then what somebody copied of the old value opens every copy. */
const REMOVE_KEYS =
  "in the same containers, with the same options: restic … key list marks the key in use with *; take each other one away with restic … key remove <ID>. Until then the old value opens the copies too";

/** Of every app at home with a sidecar. */
export const RESTIC_SECRETS: Secrets = {
  "restic-http-password": generated("login at the restic REST server"),
  "restic-password": byHand(
    generated(
      "encrypts every backup; without it no backup can be read, so keep a copy elsewhere",
      48,
    ),
    {
      boundTo: "every repository at the restic REST server, and their copies elsewhere",
      steps: [
        ADD_KEY,
        `pulumi config set --secret homelab:restic-password -s ${STORAGE}, with the value that you chose${AT_HOME.slice(
          1,
        )
          .map((host) => `; the same with -s ${host}`)
          .join("")}`,
        AT_HOME.map((host) => `pulumi up -s ${host}`).join(", then "),
        REMOVE_KEYS,
      ],
    },
  ),
};

/** Of the VPS's one job. */
export const VPS_SECRETS: Secrets = {
  [RESTIC_ACCOUNTS.vps.login]: generated("the VPS's account at the restic REST server"),
  [RESTIC_ACCOUNTS.vps.key]: byHand(
    generated(
      "encrypts the VPS's backups; without it they cannot be read, so keep a copy elsewhere",
      48,
    ),
    {
      boundTo: "the VPS's repositories at the restic REST server",
      steps: [
        ADD_KEY,
        `pulumi config set --secret homelab:${RESTIC_ACCOUNTS.vps.key} -s ${VPS}, with the value that you chose`,
        `pulumi up -s ${VPS}`,
        REMOVE_KEYS,
      ],
    },
  ),
};

/** Who the jobs of a host are at the restic server. */
export function accountOf(host: HostName): ResticAccount {
  return hasRole(host, "coordinator") ? RESTIC_ACCOUNTS.vps : RESTIC_ACCOUNTS.home;
}
