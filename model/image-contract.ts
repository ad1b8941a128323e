import type { Bytes } from "./units.ts";

/**
 * What an image asks of who runs it, field by field with its source. A field that nobody read says
 * why; the sandbox then builds its image unkindly (no program for a check, another user), so that
 * a guess cannot pass for a fact. This repository's own files are no source.
 */
export interface ImageContract {
  /**
   * Full reference without digest, as the stacks write it, e.g. "docker.io/library/redis:7-alpine";
   * "*\/javya-backend:*" for one that the household keeps where it likes, see isAbout.
   */
  readonly reference: string;
  /** That the tag was published. */
  readonly tag: Fact<"published">;
  /** Dockerfile and start script that the other fields were read from. */
  readonly read: readonly ReadFile[];
  /** The processes while it runs, the first one (PID 1) first. */
  readonly processes: Fact<readonly ImageProcess[]>;
  /** Capabilities beside none, without "CAP_": what each part of its life fails without. */
  readonly capabilities: Fact<CapabilityNeeds>;
  /** Programs in the image that a health check may use, e.g. ["sh", "wget"]. */
  readonly checkPrograms: Fact<readonly string[]>;
  /** Paths of VOLUME lines; each has to be mounted, or the engine makes a volume without a name. */
  readonly volumes: Fact<readonly string[]>;
  /** Ports it listens on under the declared settings, "53/udp" or "80" for TCP. */
  readonly ports: Fact<readonly string[]>;
  /** Folders it writes beside its volumes, and has to be able to. */
  readonly writes: Fact<readonly string[]>;
  /** Settings that count at the first start only: changing them later changes nothing. */
  readonly firstStartOnly: Fact<readonly string[]>;
  /** Least memory in which the real program does its work. */
  readonly memoryFloor: Fact<Bytes>;
  /** User that reads mounted files and secrets, "uid:gid". */
  readonly secretReader: Fact<string>;
  /**
   * What its versions make of each other's data; one that nobody read counts as never. @default it
   * keeps none that a job copies
   */
  readonly data?: Fact<DataRule>;
  /** How it takes a secret without an environment value or an argument. */
  readonly secrets: "file-variable" | "config-file" | "none";
  /** Signal that asks it to stop. @default SIGTERM */
  readonly stopSignal?: string;
}

/** A value with the page or file it was read in, or the reason why nobody could read it. */
export type Fact<T> =
  | { readonly value: T; readonly source: string }
  | { readonly value?: undefined; readonly unread: string };

/** One file of a public repository, at the tag or commit that the image was built from. */
export interface ReadFile {
  /** "owner/name" at GitHub, or the whole address elsewhere. */
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
}

/** One process of a running container. */
export interface ImageProcess {
  readonly program: string;
  /** User it runs as once it serves, "uid:gid". */
  readonly user: string;
  /**
   * first: PID 1 is the server itself. init: PID 1 passes signals on (tini, dumb-init).
   * supervisor: PID 1 starts, watches and stops others (s6, a start script that waits).
   * server: what does the work.
   */
  readonly role: "first" | "init" | "supervisor" | "server";
}

/** What each part of a container's life fails without. */
export interface CapabilityNeeds {
  readonly start: readonly string[];
  readonly work: readonly string[];
  /** KILL where a root process has to signal one of another user. */
  readonly stop: readonly string[];
}

/** What the versions of an image make of each other's data. */
export interface DataRule {
  /**
   * Whether an older version opens what a newer one wrote: always, only where the major number
   * ("17"), or major and minor ("2026.2"), is the same, or never.
   */
  readonly olderOpens: "always" | "same-major" | "same-minor" | "never";
  /** Whether a newer version opens, and brings forward, what an older one wrote. */
  readonly newerOpens: boolean;
}

/** A field that was read, and where. */
export function read<T>(value: T, source: string): Fact<T> {
  return { value, source };
}

/** A field that nobody could read, and why. */
export function unread(why: string): { readonly value?: undefined; readonly unread: string } {
  return { unread: why };
}

/** Stands where nobody has read yet what versions make of each other's data. */
export const DATA_NOT_READ = unread(
  "nobody has looked yet, so no older version is given what a newer one wrote",
);

/** The contract of an image that nobody has read yet. Each field that is read takes the place of its own. */
export function nothingRead(reference: string, secrets: ImageContract["secrets"]): ImageContract {
  const notRead = unread("nobody has read its Dockerfile and its start script yet");
  return {
    reference,
    tag: notRead,
    read: [],
    processes: notRead,
    capabilities: notRead,
    checkPrograms: notRead,
    volumes: notRead,
    ports: notRead,
    writes: notRead,
    firstStartOnly: notRead,
    memoryFloor: notRead,
    secretReader: notRead,
    data: DATA_NOT_READ,
    secrets,
  };
}
