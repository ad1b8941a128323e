// What a run of the benchmark found, as data: `--json` prints it, report.ts makes the page of it.
import type { LevelTimes } from "./critical-path.ts";
import type { Share } from "./where-time-goes.ts";

/** The measurements by the letter under which they are asked for. */
export const MEASUREMENTS = {
  a: "all containers from nothing to all healthy",
  b: "up with nothing to do",
  c: "preview",
  d: "preview --refresh",
  e: "boot: from the engine being ready to all healthy",
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
  readonly breakdowns: readonly Breakdown[];
  readonly starts: StartReport | undefined;
}
