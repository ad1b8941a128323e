import type { CheckProgram } from "./check-programs.ts";
import type { PathEntry } from "./path-entry.ts";
import type { ProcessTree } from "./process-tree.ts";
import type { StandIn } from "./stand-in.ts";

/** A user that an image adds to the base, or a user of the base with other numbers. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Home folder. @default "/" */
  readonly home?: string;
}

/** A program built from Go modules that an image carries. */
export interface GoProgram {
  /** Name in the toolchain's `services` group. */
  readonly name: string;
  /** Where the image has it. */
  readonly path: string;
}

/** Everything the sandbox has to know to build one image. */
export interface ImageEntry {
  /** Full reference, as the stacks write it. */
  readonly reference: string;
  /** real: the program itself; stand-in: only its ports and health; mixed: real in part. */
  readonly kind: "real" | "stand-in" | "mixed";
  /** What runs in it. */
  readonly program: string;
  /** What it does not do that the original does; one line. */
  readonly limits: string;
  /** How the original takes a secret without an environment value; one line. */
  readonly secrets: string;
  /** Where the facts about the original were read. */
  readonly source: string;
  /** User of the image's configuration, "" is root. What it becomes later stands in `becomes`. */
  readonly user: string;
  /** User that serves in the end, "uid:gid". @default the image's user */
  readonly becomes?: string;
  /** Volumes that the original declares. */
  readonly volumes: readonly string[];
  /** Ports that the original declares, "53/udp" or "80" for TCP. */
  readonly ports: readonly string[];
  /** How it gets from the first process to the server. @default by entrypoint and command */
  readonly tree?: ProcessTree;
  /** Check programs that the original has; the others are hidden. @default unknown, so all */
  readonly has?: readonly CheckProgram[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Environment beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly workingFolder?: string;
  /** Signal that asks it to stop. @default SIGTERM */
  readonly stopSignal?: string;
  readonly accounts?: readonly Account[];
  readonly paths?: readonly PathEntry[];
  readonly programs?: readonly GoProgram[];
  /** Carries the Node.js of the computer that builds it. @default false */
  readonly node?: true;
  readonly standIn?: StandIn;
}
