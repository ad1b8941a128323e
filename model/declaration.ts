import type { AccessDeclaration } from "./declared-access.ts";
import type { FileDeclaration } from "./declared-files.ts";
import type {
  ActingDeclaration,
  ExternalUnitDeclaration,
  GateDeclaration,
  MachineDeclaration,
  NeededProgram,
  ReportingDeclaration,
} from "./declared-machine.ts";
import type {
  BackupDeclaration,
  CopiedVolume,
  ProbeDeclaration,
  RouteDeclaration,
  ScrapeDeclaration,
  TileDeclaration,
} from "./declared-uses.ts";
import type { HostName } from "./host-names.ts";
import type { ImageContract } from "./image-contract.ts";
import type { SecretName, Secrets } from "./secrets.ts";
import type { Bytes, Duration } from "./units.ts";

/**
 * What one service is, as plain data. Everything that has to know the service (order, routes,
 * probes, scrape targets, tiles, backups, boot plan, host plan) is derived from this and from
 * nothing else, so no two of them can disagree.
 */
export interface AppService {
  /** Container name, unique on its host, e.g. "paperless-db". */
  readonly name: string;
  /** The documented stack it belongs to, e.g. "networking/pihole". */
  readonly stack: string;
  /** Image as its contract names it, e.g. "docker.io/pihole/pihole:2025.04.0". */
  readonly image: string;
  /** Arguments after the image's entrypoint. @default the image's own */
  readonly command?: readonly string[];
  /** Replaces the image's entrypoint. @default the image's own */
  readonly entrypoint?: readonly string[];
  /** User of the process, "uid:gid". @default the image's own */
  readonly user?: string;
  /** Environment; never a secret. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Networks of the host it joins; at least one. */
  readonly networks: readonly NetworkAttachment[];
  /** Ports published on the host. @default none */
  readonly ports?: readonly PortDeclaration[];
  /** What is mounted into the container. @default none */
  readonly mounts?: readonly MountDeclaration[];
  /** Files written on the host and mounted read-only; may name secrets. @default none */
  readonly files?: readonly FileDeclaration[];
  readonly health: HealthDeclaration;
  readonly limits: LimitsDeclaration;
  /** Capabilities added after all were dropped, without "CAP_", e.g. "NET_ADMIN". @default none */
  readonly capabilities?: readonly string[];
  /** Root file system is read-only. @default false */
  readonly readOnlyRoot?: boolean;
  /** Devices passed through, same path inside. @default none */
  readonly devices?: readonly string[];
  /** Supplementary groups, by number. @default none */
  readonly groups?: readonly string[];
  /** @default the container's id */
  readonly hostname?: string;
  /** Extra lines of /etc/hosts: name to address or "host-gateway". @default none */
  readonly extraHosts?: Readonly<Record<string, string>>;
  /** An init process reaps children. @default false */
  readonly init?: boolean;
  /** Sees the host's processes. @default false */
  readonly hostPid?: boolean;
  /** Size of /dev/shm. @default the engine's 64 MiB */
  readonly sharedMemory?: Bytes;
  /** Time between the polite stop and the kill; databases take long. @default "30s" */
  readonly stopGrace?: Duration;
  /** Log file size and count. @default 10 MiB, 3 files */
  readonly logs?: { readonly maxSize: Bytes; readonly maxFiles: number };
  /** What must be there before it starts. @default nothing */
  readonly requires?: readonly Requirement[];
  /** Labels of the container beside the program's own. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** One word for labels and tiles, e.g. "monitoring". */
  readonly category: string;
  /** Losing it hurts at once. @default false */
  readonly critical?: boolean;
  /**
   * The operator reaches the host through it: mesh, DNS or proxy. The host itself puts back the
   * container that was well when a deployment breaks it and does not come back (ADR 0035).
   * @default false
   */
  readonly wayIn?: boolean;
  /**
   * Watchtower looks at it. It passes over every container whose image is named with a digest,
   * and so over all that this program makes. @default false
   */
  readonly watchUpdates?: boolean;
  /** Database role whose password follows a secret. @default none */
  readonly databaseRole?: DatabaseRole;
  /** Secrets that what sets it up needs, beside those in its files. @default none */
  readonly setUpSecrets?: readonly string[];
  /** Sites of the reverse proxy that lead here. @default none */
  readonly routes?: readonly RouteDeclaration[];
  /** What the uptime monitor asks. @default none */
  readonly probes?: readonly ProbeDeclaration[];
  /** Where its metrics are read. @default none */
  readonly scrapes?: readonly ScrapeDeclaration[];
  /** Tile on the start page. @default none */
  readonly tile?: TileDeclaration;
  /**
   * Folders that it wants to watch for changes, as its documentation asks for with
   * fs.inotify.max_user_watches. With fewer it sees changes late. @default any number will do
   */
  readonly inotifyWatches?: number;
  /** The job this container runs, if it is a backup sidecar. @default none */
  readonly backup?: BackupDeclaration;
}

/** A service where it runs. */
export interface ServiceDeclaration extends AppService {
  /** Phase of the deployment-order page (1: VPS, 2: NAS, 4 to 13: Docker VM). */
  readonly phase: number;
}

/** Membership of a network of the host. */
export interface NetworkAttachment {
  /** Name of a network that the host declares. */
  readonly name: string;
  /** Further names it answers to on this network. @default none */
  readonly aliases?: readonly string[];
  /** Fixed address inside the network's subnet. @default given by the engine */
  readonly address?: string;
}

/** One published port. */
export interface PortDeclaration {
  /** Host address it listens on, e.g. "127.0.0.1", or "0.0.0.0" for all. */
  readonly bind: string;
  readonly host: number;
  readonly container: number;
  readonly protocol: "tcp" | "udp";
}

/** Something mounted into a container. */
export type MountDeclaration =
  | {
      readonly kind: "volume";
      /** Name of a volume that the host declares. */
      readonly volume: string;
      readonly target: string;
      readonly readOnly?: boolean;
    }
  | {
      readonly kind: "bind";
      /** Path on the host; never created by the engine when `gate` names the mount it lies on. */
      readonly source: string;
      readonly target: string;
      readonly readOnly?: boolean;
      /** Why no job of this host copies what is written there, if so. */
      readonly notCopied?: string;
    }
  | { readonly kind: "tmpfs"; readonly target: string; readonly size: Bytes };

/** How the engine finds out whether the container works. */
export interface HealthDeclaration {
  /** Docker form: ["CMD", …] or ["CMD-SHELL", "…"]. */
  readonly test: readonly string[];
  /** @default "30s" */
  readonly interval?: Duration;
  /** @default "10s" */
  readonly timeout?: Duration;
  /** @default 3 */
  readonly retries?: number;
  /** Failures in this time do not count; it is asked every second meanwhile. @default "30s" */
  readonly startPeriod?: Duration;
  /** `up` gives it this long to become healthy, then fails. @default "3m" */
  readonly deadline?: Duration;
}

/** What the container may use. Swap is never allowed on top of the memory. */
export interface LimitsDeclaration {
  readonly memory: Bytes;
  /** Share of processors, e.g. 0.5. */
  readonly cpus: number;
}

/** What a node of the graph needs before it starts. */
export interface Requirement {
  /**
   * A service of the same host ("mosquitto"), of another host ("nas/restic-rest"), or a gate of
   * the same host ("gate:nas-media").
   */
  readonly on: string;
  /** started: runs; healthy: its health check passes; completed: ran to its end. */
  readonly condition: "started" | "healthy" | "completed";
  /** hard: cannot run without; soft: degraded without, waits no longer than `limit`. */
  readonly strength: "hard" | "soft";
  /** Of a soft one: whether the household must have it at all. @default false: it is passed over */
  readonly declared?: boolean;
  /** Longest wait of a soft requirement. @default "30s" */
  readonly limit?: Duration;
  /** Why, in a few words; shown where the graph is printed. */
  readonly why?: string;
}

/** A PostgreSQL role that must have the password a secret says, also after it was rotated. */
export interface DatabaseRole {
  readonly role: string;
  readonly database: string;
  readonly secret: SecretName;
}

/** A network of one host. It belongs to the host and to no stack. */
export interface NetworkDeclaration {
  readonly name: string;
  /** CIDR. @default chosen by the engine */
  readonly subnet?: string;
  /** Address of the bridge inside the subnet; needed with `subnet`. */
  readonly gateway?: string;
}

/** A named volume of one host. Always kept when its service or declaration goes. */
export interface VolumeDeclaration {
  readonly name: string;
  /** Losing it cannot be mended, so a job has to copy it, without exception. @default false */
  readonly neverLose?: boolean;
  /** Why no job copies it, in words that a person can judge. Every other volume needs a job. */
  readonly notCopied?: string;
  /** How the job of another app copies it. @default its own app's job does, or none */
  readonly copied?: CopiedVolume;
}

/**
 * A folder of the host that containers write, made before the first of them. One that is there
 * keeps its owner and mode, and all of them stay when their declaration goes.
 */
export interface FolderDeclaration {
  /** Absolute path on the host. */
  readonly path: string;
  /** "uid:gid" it is made with. */
  readonly owner: string;
  /** Octal, e.g. "0750". */
  readonly mode: string;
}

/** One whole host. */
export interface HostDeclaration {
  readonly host: HostName;
  readonly networks: readonly NetworkDeclaration[];
  readonly volumes: readonly VolumeDeclaration[];
  readonly gates: readonly GateDeclaration[];
  /** In start order, as the deployment-order page lists them. */
  readonly services: readonly ServiceDeclaration[];
  /** What the images of the services ask of who runs them. @default nothing is known */
  readonly contracts?: readonly ImageContract[];
  /** Secrets that its apps bring. @default none */
  readonly secrets?: Secrets;
  /** What its apps ask of a person before the first user gets another name, see AppPlan. @default nothing */
  readonly renamingUser?: readonly string[];
  /** What runs beside them without being ours. @default nothing */
  readonly externals?: readonly ExternalUnitDeclaration[];
  /** What has to be installed there besides the engine. @default nothing */
  readonly programs?: readonly NeededProgram[];
  /** Folders that its containers write, beside volumes. @default none */
  readonly folders?: readonly FolderDeclaration[];
  /** To whom the program that boots it says what it sees. @default nobody */
  readonly reporting?: ReportingDeclaration;
  /** From whom it fetches what a person approved. @default nobody: nothing is carried out there */
  readonly acting?: ActingDeclaration;
  /** The machine, when this program rents it. @default it is there already */
  readonly machine?: MachineDeclaration;
  /** Interface of somebody else's that its stack has to be let into. @default none */
  readonly access?: AccessDeclaration;
}

/** What one component is made of: the services of an app and the volumes they keep data in. */
export interface AppPlan {
  /** Secrets that are there because of it; other apps may use them. @default none */
  readonly secrets?: Secrets;
  readonly services: readonly AppService[];
  readonly volumes: readonly VolumeDeclaration[];
  /** Folders of the host that its services write, each after those that it lies in. @default none */
  readonly folders?: readonly FolderDeclaration[];
  /**
   * What a person does before the site's first user gets another name, one step for each program
   * that made the user at its first start and keeps it among its own data. "{former}" and "{next}"
   * stand for the names. @default a deployment is enough
   */
  readonly renamingUser?: readonly string[];
}
