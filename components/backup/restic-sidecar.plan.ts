import type {
  MountDeclaration,
  Requirement,
  AppService,
  VolumeDeclaration,
} from "../../model/declaration.ts";
import { COPY_RECORDS, copyVolume } from "../../model/copy-record.ts";
import { byHand, generated, type SecretName, type Secrets } from "../../model/secrets.ts";
import { hostsAtHome, hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import type { Bytes } from "../../model/units.ts";
import { resticHealthScript, resticStartScript } from "./restic-health.plan.ts";
import { resticJobScript } from "./restic-job.plan.ts";
import { RESTIC_0_16_IMAGE } from "./restic.image.ts";

/** A volume or a folder of the host that a sidecar copies. */
export type ProtectedData =
  | { readonly volume: string; readonly target: string }
  | { readonly source: string; readonly target: string };

/** A backup sidecar. */
export interface ResticSidecarArgs {
  /** Container name, e.g. "pihole-backup". */
  readonly name: string;
  /** Stack of the app it belongs to. */
  readonly stack: string;
  /** Networks of the host it joins; one that leads outside is enough. */
  readonly networks: readonly string[];
  /** Repository at the restic server, and tag of the snapshots, e.g. "pihole". */
  readonly repository: string;
  /** Tag of the snapshots. @default the repository */
  readonly tag?: string;
  /** Cron fields, e.g. "45 2 * * *", in the site's time zone. */
  readonly schedule: string;
  /** What is copied; mounted read-only below "/data". Empty only with `dumps`. */
  readonly data: readonly ProtectedData[];
  /** Patterns left out, e.g. ["*.log"]. @default none */
  readonly excludes?: readonly string[];
  /** SQLite files as seen in the container, e.g. ["/data/db.sqlite3"]. @default none */
  readonly sqlite?: readonly string[];
  /** Database whose container dumps on request, see database-dump.plan.ts. @default none */
  readonly dumps?: {
    /** Volume that the dump goes through. */
    readonly volume: string;
    /** The database's own volume, which the dump stands for. */
    readonly of: string;
  };
  /** What else must be there before it starts, e.g. the app. @default nothing */
  readonly requires?: readonly Requirement[];
  /**
   * Whether it is started after the NAS's restic server where that is deployed before it. False on
   * the VPS, which comes first; the first copy is due a day later.
   * @default true
   */
  readonly afterServer?: boolean;
  /** Its "host:port", when it does not come from the nas stack. @default "{{value:restic-address}}" */
  readonly address?: string;
  /** Who it is at the restic server. @default the account of the hosts at home */
  readonly account?: ResticAccount;
  /** Hours after which a good copy is too old. @default 25 */
  readonly maxAgeHours?: number;
  /** @default "backup" */
  readonly category?: string;
  /** @default true */
  readonly watchUpdates?: boolean;
  /** @default "128MiB" */
  readonly memory?: Bytes;
  /** @default 0.25 */
  readonly cpus?: number;
}

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

const AFTER_SERVER: Requirement = {
  on: `${STORAGE}/restic-rest`,
  condition: "healthy",
  strength: "soft",
  declared: true,
  limit: "30s",
  why: "keeps the copies; needed only when a run is due",
};

/** A night, and an hour for the copy itself. */
const MAX_AGE_HOURS = 25;
const KEEP = { daily: 7, weekly: 4, monthly: 12 } as const;
const STATE = "/state";
const DUMPS = "/dumps";
const REPOSITORY_FILE = "/run/secrets/restic-repository";
const PASSWORD_FILE = "/run/secrets/restic-password";

/** Where a sidecar keeps what a restore needs and what a job leaves, as seen in its container. */
export const SIDECAR_PATHS = {
  repositoryFile: REPOSITORY_FILE,
  passwordFile: PASSWORD_FILE,
  /** Copies of SQLite files, by their own path below it. */
  sqliteCopies: `${STATE}/stage`,
  dumps: `${DUMPS}/dump`,
  job: "/backup.sh",
  /** Result of the job's last run, one "key=value" a line. */
  lastRun: `${STATE}/${COPY_RECORDS.lastRun}`,
  /** When the state volume was new, in seconds since 1970. */
  since: `${STATE}/${COPY_RECORDS.since}`,
  /** Held while the job runs. */
  lock: `${STATE}/lock`,
  cache: `${STATE}/cache`,
} as const;
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * A container that copies volumes to the restic server each night. By hand at any time:
 * `docker exec pihole-backup /backup.sh`.
 *
 * Reference defects built right: crond has the two capabilities it needs to start a job, the job
 * can read files of other users, and the check looks at the last run, not only for a process.
 */
export function resticSidecar(site: Site, args: ResticSidecarArgs): AppService {
  const scripts = scriptsOf(site, args);
  return {
    name: args.name,
    stack: args.stack,
    image: RESTIC_0_16_IMAGE.reference,
    entrypoint: ["/bin/sh", "/backup-start.sh"],
    env: { TZ: site.timezone },
    networks: args.networks.map((name) => ({ name })),
    mounts: [
      ...args.data.map(protectedMount),
      ...(args.dumps
        ? [{ kind: "volume", volume: args.dumps.volume, target: DUMPS } as const]
        : []),
      { kind: "volume", volume: resticState(args.name).name, target: STATE },
    ],
    files: [
      { target: "/backup.sh", content: { kind: "text", text: scripts.job }, mode: "0555" },
      { target: "/backup-health.sh", content: { kind: "text", text: scripts.health } },
      { target: "/backup-start.sh", content: { kind: "text", text: scripts.start } },
      // busybox crond takes a crontab only from root.
      {
        target: "/etc/crontabs/root",
        content: { kind: "text", text: `${args.schedule} /backup.sh\n` },
        owner: "0:0",
      },
      {
        target: REPOSITORY_FILE,
        content: { kind: "template", template: repositoryUrl(args) },
        owner: "0:0",
      },
      {
        target: PASSWORD_FILE,
        content: { kind: "secret", secret: accountOf(args).key },
        owner: "0:0",
      },
    ],
    health: {
      test: ["CMD", "/bin/sh", "/backup-health.sh"],
      interval: "60s",
      timeout: "10s",
      retries: 3,
    },
    limits: { memory: args.memory ?? "128MiB", cpus: args.cpus ?? 0.25 },
    capabilities: ["DAC_OVERRIDE", "SETGID", "SETUID"],
    hostname: args.name,
    init: true,
    logs: { maxSize: "5MiB", maxFiles: 3 },
    requires: [...(args.requires ?? []), ...((args.afterServer ?? true) ? [AFTER_SERVER] : [])],
    category: args.category ?? "backup",
    watchUpdates: args.watchUpdates ?? true,
    backup: {
      repository: args.repository,
      schedule: args.schedule,
      protects: [
        ...args.data.map((item) => ("volume" in item ? item.volume : item.source)),
        ...(args.dumps ? [args.dumps.of] : []),
      ],
      ...(args.excludes?.length ? { excludes: args.excludes } : {}),
      keep: KEEP,
      maxAgeHours: args.maxAgeHours ?? MAX_AGE_HOURS,
    },
  };
}

/** The small volume of a sidecar: result of its last run, and restic's cache. */
export function resticState(sidecar: string): VolumeDeclaration {
  return {
    name: copyVolume(sidecar),
    notCopied: "result of the last run and restic's cache; made anew",
  };
}

function accountOf(args: ResticSidecarArgs): ResticAccount {
  return args.account ?? RESTIC_ACCOUNTS.home;
}

function repositoryUrl(args: ResticSidecarArgs): string {
  const address = args.address ?? "{{value:restic-address}}";
  const { user, login } = accountOf(args);
  return `rest:http://${user}:{{${login}}}@${address}/${user}/${args.repository}/`;
}

function protectedMount(item: ProtectedData): MountDeclaration {
  return "volume" in item
    ? { kind: "volume", volume: item.volume, target: item.target, readOnly: true }
    : { kind: "bind", source: item.source, target: item.target, readOnly: true };
}

function scriptsOf(site: Site, args: ResticSidecarArgs) {
  const health = {
    state: STATE,
    maxAgeHours: args.maxAgeHours ?? MAX_AGE_HOURS,
    searchPath: SEARCH_PATH,
    startedFile: "/tmp/started",
  };
  return {
    job: resticJobScript({
      timezone: site.timezone,
      host: args.name,
      tag: args.tag ?? args.repository,
      repositoryFile: REPOSITORY_FILE,
      passwordFile: PASSWORD_FILE,
      paths: args.data.map((item) => item.target),
      excludes: args.excludes ?? [],
      sqlite: args.sqlite ?? [],
      ...(args.dumps ? { dumpFolder: DUMPS } : {}),
      keep: KEEP,
      state: STATE,
      searchPath: SEARCH_PATH,
    }),
    health: resticHealthScript(health),
    start: resticStartScript(health),
  };
}
