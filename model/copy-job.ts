import type { AppService, MountDeclaration, Requirement } from "./declaration.ts";
import type { FileDeclaration } from "./declared-files.ts";
import type { Bytes } from "./units.ts";

/** A volume or a folder of the host that a job copies. */
export type ProtectedData =
  | { readonly volume: string; readonly target: string }
  | { readonly source: string; readonly target: string };

/**
 * What an app has copied each night. The household's backup program makes the container of it
 * (components/backup/program.ts), and knows where the copies go from the host that it is on.
 */
export interface CopyJob {
  /** Container name, e.g. "pihole-backup". */
  readonly name: string;
  /** Stack of the app it belongs to. */
  readonly stack: string;
  /** Networks of the host it joins; one that leads outside is enough. */
  readonly networks: readonly string[];
  /** What its copies are kept under, e.g. "pihole". */
  readonly repository: string;
  /** Tag of the copies. @default the repository */
  readonly tag?: string;
  /** Cron fields, e.g. "45 2 * * *", in the site's time zone. */
  readonly schedule: string;
  /** What is copied; mounted read-only below "/data". Empty only with `dumps`. */
  readonly data: readonly ProtectedData[];
  /**
   * Patterns left out, e.g. ["*.log"]: `*` and `?` stop at a slash, `**` does not; one without a
   * leading slash matches at any depth, and what lies below goes with it. @default none
   */
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
  /** Hours after which a good copy is too old. @default 25 */
  readonly maxAgeHours?: number;
  /**
   * Share in percent of the last copies' size below which a copy is suspicious: its run is a failed
   * one, and removes no older copy. 0 where data comes and goes. @default 50
   */
  readonly leastPercent?: number;
  /** @default "backup" */
  readonly category?: string;
  /** @default true */
  readonly watchUpdates?: boolean;
  /** @default "128MiB" */
  readonly memory?: Bytes;
  /** @default 0.25 */
  readonly cpus?: number;
  /** What its container does besides. @default nothing */
  readonly also?: AlsoDone;
}

/** What a job's container does beside the nightly copy. */
export interface AlsoDone {
  /** Lines of its crontab, before the job's own. */
  readonly crontab: readonly string[];
  readonly files: readonly FileDeclaration[];
  readonly mounts: readonly MountDeclaration[];
  /** Shell command that is part of its health check. */
  readonly check: string;
  readonly capabilities: NonNullable<AppService["capabilities"]>;
}
