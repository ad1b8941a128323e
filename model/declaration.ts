import type { HostName } from "./host-names.ts";
import type { ImageContract } from "./image-contract.ts";
import type { Signer } from "./signers.ts";
import type { Bytes, Duration } from "./units.ts";
import type { SecretName, Secrets } from "./secrets.ts";

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

/** A file that this program writes on the host and mounts read-only into the container. */
export interface FileDeclaration {
  /** Path inside the container. */
  readonly target: string;
  readonly content: FileContent;
  /** Owner inside the container, "uid:gid". @default the image user, "0:0" if it has none */
  readonly owner?: string;
  /** Octal mode. @default "0444", "0400" when the content holds a secret */
  readonly mode?: string;
  /**
   * User that reads it where that is not the program, but e.g. its health check, "uid:gid".
   * @default the user that the image's contract names
   */
  readonly readBy?: string;
}

/** What a file holds. The kinds that name secrets are rendered when they are deployed. */
export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  /** The secret's value and nothing else, without a newline at the end. */
  | { readonly kind: "secret"; readonly secret: SecretName }
  /** SHA-256 of the secret's value in hexadecimal, for who only has to know it again. */
  | { readonly kind: "sha256"; readonly secret: SecretName }
  /** Text in which `{{secret-name}}` stands for a secret's value. */
  | { readonly kind: "template"; readonly template: string }
  /** Mosquitto's password file: user name to secret. */
  | { readonly kind: "mosquitto-passwords"; readonly users: Readonly<Record<string, SecretName>> }
  /** Apache htpasswd with bcrypt: user name to secret. */
  | {
      readonly kind: "htpasswd";
      readonly users: Readonly<Record<string, SecretName>>;
      /** Cost of the hashes; programs that refuse cheap ones need more. @default 5 */
      readonly cost?: number;
    }
  /** Authelia's users file: user name to display data and secret. */
  | { readonly kind: "authelia-users"; readonly users: Readonly<Record<string, AutheliaUser>> }
  /** Who may log in at the control plane's page, hashed with argon2id: user name to role and secret. */
  | { readonly kind: "page-users"; readonly users: Readonly<Record<string, PageUser>> };

/** One person who can log in at the control plane's page. */
export interface PageUser {
  /** "viewer" looks, "operator" also decides. */
  readonly role: "viewer" | "operator";
  readonly secret: SecretName;
}

/** One person who can sign in through Authelia. */
export interface AutheliaUser {
  readonly displayName: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly secret: SecretName;
}

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

/** A site of the reverse proxy. */
export interface RouteDeclaration {
  /** Name below the site's domain, e.g. "vault" for vault.<domain>; "" for the domain itself. */
  readonly name: string;
  /** Port inside the container. */
  readonly port: number;
  /** Scheme towards the container. @default "http" */
  readonly scheme?: "http" | "https";
  /** Asks Authelia first. @default false */
  readonly auth?: boolean;
  /** The host whose proxy serves it. @default for a host at home the one with the role "home" */
  readonly via?: HostName;
  /** Keeps an access log for this site. @default false */
  readonly accessLog?: boolean;
}

/** A question the uptime monitor asks from outside. */
export interface ProbeDeclaration {
  readonly name: string;
  readonly kind: "http" | "tcp" | "ping" | "keyword";
  /**
   * URL, or host:port, or host. {domain} is filled in, {lan} and {mesh} with the address of the
   * service's own host, {lan:<host>} and {mesh:<host>} with that of another.
   */
  readonly target: string;
  readonly interval: Duration;
  readonly tier: "critical" | "warning" | "info";
  /** Status that counts as good. @default 200 */
  readonly status?: number;
  /** Word that must be in the answer (kind keyword). */
  readonly keyword?: string;
}

/** A metrics endpoint. */
export interface ScrapeDeclaration {
  readonly job: string;
  readonly port: number;
  /** @default "/metrics" */
  readonly path?: string;
}

/** A tile of the start page. */
export interface TileDeclaration {
  readonly group: string;
  readonly title: string;
  readonly description: string;
  readonly icon: string;
}

/** What a backup sidecar copies, when, and how long it is kept. */
export interface BackupDeclaration {
  /** Name of the repository on the NAS. */
  readonly repository: string;
  /** Cron fields: minute, hour, day of month, month, day of week. */
  readonly schedule: string;
  /** Volumes and paths it protects, for `homelab backup verify` and the data overview. */
  readonly protects: readonly string[];
  /** Patterns left out. @default none */
  readonly excludes?: readonly string[];
  readonly keep: { readonly daily: number; readonly weekly: number; readonly monthly: number };
  /** Hours after which the newest good copy is too old. */
  readonly maxAgeHours: number;
  /**
   * A copy that began at most this long ago is enough before the image of what it protects
   * changes; else one is made. @default "1h"
   */
  readonly freshFor?: Duration;
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

/** To whom a host says what it sees. */
export interface ReportingDeclaration {
  /** Address without a path, e.g. "http://100.64.0.1:8081". */
  readonly url: string;
  /** Secret that is the host's token there. */
  readonly token: SecretName;
}

/** How a job copies a volume of another app. */
export interface CopiedVolume {
  /** Container name of the job. @default the one that copies for all apps of the host without one */
  readonly by?: string;
  /** Folder of the job's container that it is mounted at, e.g. "/data/grafana". */
  readonly at: string;
  /** SQLite files in it that its app may be writing, e.g. ["grafana.db"]. @default none */
  readonly databases?: readonly string[];
  /** What is left out: paths in it ("/log"), or names wherever they are ("MediaCover"). @default nothing */
  readonly excludes?: readonly string[];
}

/** A condition outside the containers that services wait for. */
export type GateDeclaration = {
  /** Unique on the host, e.g. "nas-media". */
  readonly name: string;
  /** What a person does when it stays closed. */
  readonly remedy: string;
  /** Longest wait at boot. @default "300s" for mounts, "60s" otherwise */
  readonly limit?: Duration;
} & GateCondition;

/** What a gate looks at. */
export type GateCondition =
  | {
      readonly kind: "mount";
      /** Mount point on the host, e.g. "/mnt/nas/media". */
      readonly path: string;
      /** What must be mounted there, e.g. "192.168.0.12:/srv/media". */
      readonly source: string;
      readonly writable: boolean;
      /** "uid:gid" of who writes there, as whom the gate tries. @default root */
      readonly writer?: string;
    }
  /** A folder of the host that was made for this homelab, on whichever disk it lies. */
  | { readonly kind: "folder"; readonly path: string }
  | {
      readonly kind: "mesh";
      /** The host's own address in the mesh. */
      readonly address: string;
      /** Another member that has to answer. @default none */
      readonly peer?: string;
    }
  | { readonly kind: "dns"; readonly server: string; readonly query: string }
  | { readonly kind: "disk"; readonly path: string; readonly freePercent: number }
  | { readonly kind: "clock"; readonly maxOffset: Duration }
  | { readonly kind: "device"; readonly path: string };

/** A program that a host needs besides the engine, and that a fresh system may lack. */
export interface NeededProgram {
  /** Absolute path, e.g. "/usr/sbin/exportfs". */
  readonly path: string;
  /** Debian package that brings it. */
  readonly package: string;
  /** What does not work without it. */
  readonly why: string;
}

/** From whom a host fetches what a person approved, with the token by which it reports. */
export interface ActingDeclaration {
  /** Address and port, e.g. "http://100.64.0.1:8082". */
  readonly url: string;
  /** Whose signatures count there. */
  readonly signers: readonly Signer[];
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
  /**
   * Name or ID of the tailnet it is a member of; its stack then needs access to Tailscale.
   * @default Headscale on the VPS coordinates the mesh
   */
  readonly tailnet?: string;
}

/** A machine that is rented at Hetzner Cloud. */
export interface MachineDeclaration {
  /** Name at the provider, and of its firewall; unique there. */
  readonly name: string;
  /** Size, e.g. "cx23". */
  readonly serverType: string;
  /** Where it stands, e.g. "fsn1". */
  readonly location: string;
  /** Name that both of its addresses lead back to. */
  readonly dnsName: string;
  /** Ports that its firewall opens to the internet. */
  readonly openPorts: readonly OpenPort[];
  /** Who may log in: name to public key. */
  readonly sshKeys: Readonly<Record<string, string>>;
  /** Person who logs in beside root. */
  readonly loginUser: string;
  /** Image that the client of the mesh is taken from, written as a service's image is. */
  readonly meshClient: string;
  /** Name of the mesh's coordinator, if it runs on this very machine. @default it does not */
  readonly coordinator?: string;
}

/** A port that the internet reaches. */
export interface OpenPort {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** Who listens there, for the firewall's description. */
  readonly service: string;
}

/**
 * Something that has an installer and containers of its own. It is started and watched, and never
 * rewritten.
 */
export interface ExternalUnitDeclaration {
  /** Unique on the host, e.g. "coolify". */
  readonly name: string;
  /** Folder of its own files; when it is missing, the unit is not installed, which is no error. */
  readonly folder: string;
  /** Starts it, run in `folder`; safe to run when it runs already. */
  readonly start: readonly string[];
  /** Healthy when this exits 0, run on the host. */
  readonly health: readonly string[];
  /** Networks of the host that it joins. */
  readonly networks: readonly string[];
  /** Names below the site's domain that lead to it, and that it serves by itself. @default none */
  readonly sites?: readonly string[];
  /** Files of ours that it reads: path on the host to text. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** Services of the host that are of little use without it, and why. They start regardless. */
  readonly usedBy: Readonly<Record<string, string>>;
  /** What the uptime monitor asks. @default none */
  readonly probes?: readonly ProbeDeclaration[];
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
