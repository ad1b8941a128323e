// What a run of the benchmark found, as data: `--json` prints it, report.ts makes the page of it.
import type { BootProfile } from "./boot-profile.ts";
import type { LevelTimes } from "./critical-path.ts";
import type { Stage } from "./plan-fleet.ts";
import type { Share } from "./where-time-goes.ts";

/** The measurements by the letter under which they are asked for. */
export const MEASUREMENTS = {
  a: "all containers from nothing to all healthy",
  b: "the same again, with nothing to do",
  c: "preview --refresh=false",
  d: "preview",
  e: "boot: from the engine being ready to all healthy",
  f: "what differs on all hosts",
  g: "scale: a fleet declared, validated, planned and drawn",
  h: "scale: many containers on one engine",
} as const;
/** Letter of a measurement. */
export type Letter = keyof typeof MEASUREMENTS;

/** One contender of one measurement. */
export interface Row {
  /** Short and stable, e.g. "pulumi". */
  readonly id: string;
  /** What was run. */
  readonly what: string;
  /** One value per round. */
  readonly seconds: readonly number[];
  /** With the start times seen in the same rounds: the least that the order allows. */
  readonly criticalPathSeconds?: readonly number[];
  /** Share of all processors' time that was used meanwhile, 0 to 1: near 1, they are the limit. */
  readonly processorShare?: readonly number[];
}

/** A measurement with its contenders. */
export interface Comparison {
  readonly letter: Letter;
  /** Id of the row that the ratios are against. */
  readonly baseline: string;
  readonly rows: readonly Row[];
}

/** A contender that could not be had, or failed. */
export interface Absent {
  readonly name: string;
  /** One line. */
  readonly why: string;
}

/** Where the time of one run went. */
export interface Breakdown {
  readonly command: string;
  readonly seconds: number;
  readonly shares: readonly Share[];
}

/** How the containers of one `up` came up. */
export interface StartReport {
  readonly criticalPath: readonly string[];
  readonly criticalPathSeconds: number;
  /** Until the first container was asked for. */
  readonly firstAsked: number | undefined;
  readonly firstStarted: number;
  readonly allHealthy: number;
  /** How much later than it could have each container started. */
  readonly lag: { readonly median: number; readonly most: number; readonly latest: string };
  readonly levels: readonly LevelTimes[];
}

/** What generated fleets cost before anything is reached, in fresh processes. */
export interface PlanScale {
  readonly hosts: number;
  /** Each twice as large as the one before. */
  readonly sizes: readonly {
    readonly services: number;
    readonly seconds: Readonly<Record<Stage, number>>;
    /** At its highest, beyond what the process had before. */
    readonly mebibytes: number;
  }[];
}

/** What a host with many containers costs; seconds. */
export interface EngineScale {
  /** In rising order. */
  readonly sizes: readonly {
    readonly containers: number;
    /** `pulumi up`, until everything is healthy. */
    readonly fromNothing: number;
    readonly nothingToDo: number;
    readonly preview: number;
    readonly boot: number;
    /** Of the state's file. */
    readonly stateMebibytes: number;
  }[];
}

/** The computer on which it ran. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  /** Load average of the last minute before the run began. */
  readonly loadBefore: number;
  readonly kernel: string;
}

/** Everything a run found. */
export interface Results {
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly containers: number;
  readonly rounds: number;
  /** Resources that Pulumi worked on at once. */
  readonly pulumiParallel: number;
  readonly comparisons: readonly Comparison[];
  /** Letters that were asked for and could not be measured, with the reason. */
  readonly skipped: Readonly<Partial<Record<Letter, string>>>;
  /** Contenders that are in no comparison. */
  readonly absent: readonly Absent[];
  readonly breakdowns: readonly Breakdown[];
  readonly starts: StartReport | undefined;
  readonly bootProfile: BootProfile | undefined;
  readonly planScale: PlanScale | undefined;
  readonly engineScale: EngineScale | undefined;
}
