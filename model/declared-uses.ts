import type { HostName } from "./host-names.ts";
import type { Duration } from "./units.ts";

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
