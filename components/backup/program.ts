import type { DeclaredApp } from "../../model/app.ts";
import type { CopyJob } from "../../model/copy-job.ts";
import type { FileDeclaration } from "../../model/declared-files.ts";
import type { MountDeclaration, Requirement } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import type { SecretName, Secrets } from "../../model/secrets.ts";
import type { Site } from "../../model/site.ts";

/**
 * A program that makes copies and gives them back. Everything that the nightly job, its health
 * check, the guard before an image changes, the off-site copy and the `homelab backup` commands say
 * to it stands here, and what it answers is in our form: the id of a copy is 8 to 64 hexadecimal
 * digits. restic is one (restic/restic.ts); a household names its own in household/backup.ts.
 *
 * Its commands run in a container of its image, as POSIX shell. None of them asks anything, and
 * none shows a secret in its arguments.
 */
export interface BackupProgram {
  /** For messages, e.g. "restic". */
  readonly name: string;
  /** Has a shell, busybox's crond and tools (or such), flock and timeout beside the program. */
  readonly image: ImageContract;
  /** What a job's container needs to reach its copies. */
  readonly reach: (site: Site, host: HostName, job: CopyJob) => JobReach;
  /** Secrets that a host has because it has a job. */
  readonly secrets: (host: HostName) => Secrets;
  /**
   * The one of which a person keeps a copy elsewhere: without it no copy can be read.
   * @default none, the copies are not encrypted
   */
  readonly key?: SecretName;
  /** What holds the copies and is a container of ours. @default nothing: the jobs write them */
  readonly server?: CopyServer;
  /** The storage's folder of copies, as the off-site copy sends it. */
  readonly sent: SentCopies;
  /** Variables by name, whose values need no quoting. Every script that uses it sets them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variable with a folder in which it may keep what it can make anew. @default none */
  readonly cacheVariable?: string;
  /**
   * Removes the lock that a dead machine or a killed run left, and never that of a run that lives.
   * @default it has none
   */
  readonly unlock?: string;
  /** What the nightly job says to it. */
  readonly job: JobCommands;
  /** What is said of copies that are there. */
  readonly copies: CopyCommands;
}

/** How a job's container reaches its copies. */
export interface JobReach {
  /** Secret files. */
  readonly files: readonly FileDeclaration[];
  /** @default none */
  readonly mounts?: readonly MountDeclaration[];
  /** What it waits for, softly where a run can do without. @default nothing */
  readonly requires?: readonly Requirement[];
}

/** The server of the copies. */
export interface CopyServer {
  /** The app's name in the household, which its resources are called by, e.g. "restic-rest". */
  readonly name: string;
  /** On the storage: what every job sends to. On another host: a second, empty one. */
  readonly app: (site: Site, args: { readonly host: HostName }) => DeclaredApp;
  /** Its container, behind whose health the storage's stack says the address. */
  readonly service: string;
  /** "host:port" at which the jobs of a host reach its server. */
  readonly address: (site: Site, host: HostName) => string;
  /** Name of the address in files ("{{value:…}}"), and of the output of the storage's stack. */
  readonly value: { readonly inFiles: string; readonly ofStack: string };
}

/** What the storage's folder of copies looks like from outside. */
export interface SentCopies {
  /** Folder of the host. */
  readonly folder: string;
  /** Its name in the off-site job's container and at the remote, e.g. "restic". */
  readonly name: string;
  /** For messages, e.g. "the restic repositories". */
  readonly what: string;
  /**
   * One file of each place of copies, there from its first copy on and never gone while it is
   * whole: the names of its path below the folder, "*" for any, e.g. ["*", "*", "config"].
   */
  readonly mark: readonly string[];
}

/** Whose copies are meant: only they are listed, kept and removed together. */
export interface CopyOwner {
  /** The job's container. A container's own host name would change with every replacement. */
  readonly host: string;
  readonly tag: string;
}

/** How many copies are kept. */
export interface Keep {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

/**
 * Commands of the nightly job. Their output goes into the file "$output"; why one failed is its
 * first line with "fatal" or "error", or else its last. $state is a folder for the program too.
 */
export interface JobCommands {
  /** Exits 0 when there is a place for the copies and it can be read, within two minutes. */
  readonly open: string;
  /** Makes the place, where there never was one. */
  readonly make: string;
  /**
   * Copies paths with all that lies below. Exits 0 when everything is copied.
   * @param excludes patterns as a CopyJob writes them
   */
  readonly copy: (
    owner: CopyOwner,
    paths: readonly string[],
    excludes: readonly string[],
  ) => string;
  /** How it says that there is a copy without some files. @default it does not */
  readonly partly?: {
    readonly exitCode: number;
    /** Prints the first file that could not be read, of what "$output" says; none that vanished. */
    readonly unread: string;
  };
  /** Prints the id of the copy just made, of what "$output" says. */
  readonly made: string;
  /**
   * Prints how many bytes were in what was just copied, of what "$output" says, and nothing where
   * it does not say.
   */
  readonly size: string;
  /** Removes copies of the owner that need not be kept; those that `keep` marked are apart. */
  readonly forget: (owner: CopyOwner, keep: Keep) => string;
  /** Looks whether the place is whole. Run on Sundays. */
  readonly check: string;
  /**
   * Marks the copy with the id "$1", so that `forget` does not let later ones take its place, and
   * leaves in $id what its id is from then on. Ends the script with 0 where it cannot, and after
   * printing "$1" where the copy is marked already.
   */
  readonly keep: (mark: string) => string;
}

/** What the shell functions of CopyCommands answer besides 0 and any other failure. */
export const NEVER_COPIED = 3;

/** Commands about copies that are there. */
export interface CopyCommands {
  /** Filter that leaves of the last line of a complaint what a person reads. @default all of it */
  readonly complaint?: string;
  /**
   * Shell functions that change nothing and take no lock, so that one that a dead machine left is
   * not in the way. They complain on standard error, and may write below the folder "$scratch".
   *
   * - `copies <host> <seconds>` prints "<id> <ISO 8601 time>" of each of its copies, oldest first.
   * - `copy_named <host> [<id>]` prints the same of its newest one, or of the one whose id begins
   *   so; nothing where there is none. Both: code 3 (NEVER_COPIED) without a place for copies.
   * - `content <id> [<path>…]` prints "<file or other> <bytes> <path>" of everything in a copy, or
   *   of the paths and what lies below. What cannot stand in a line is escaped in whatever way.
   * - `bytes_of <id>` prints how many bytes the copy has when it is put back.
   * - `put_back <id> <folder> [<path>…]` puts a copy, or of it the paths that it has, below a folder,
   *   with owners, modes and times.
   */
  readonly functions: string;
}
