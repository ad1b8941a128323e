// How often, and for how long. Milliseconds, but for what the contract counts in seconds.
import type { Pauses } from "./backoff.ts";

/** What the Observer is promised: a longer silence than this says something. */
export const ALIVE_SECONDS = 10;

/** The times that telling keeps to. */
export interface FootPace {
  /** Between two looks at the settings and at who works on the host. */
  readonly turnMs: number;
  /** What happens within it goes into one batch. */
  readonly gatherMs: number;
  /** After so long without anything to tell, that is told. */
  readonly aliveMs: number;
  /** A look is taken at least so often … */
  readonly lookEveryMs: number;
  /** … and, while the Observer asks for one again and again, with pauses that grow. */
  readonly lookPauses: Pauses;
  /** An Observer that takes longer to answer does not answer. */
  readonly answerMs: number;
  /** Between two tries at an Observer that does not answer. */
  readonly awayPauses: Pauses;
  /** Between two tries at one that refuses the token, or what it is told. */
  readonly refusedMs: number;
  /** Between two questions for work, whatever was answered. */
  readonly askMs: number;
  /** Between two tries to listen to an engine that went away. */
  readonly enginePauses: Pauses;
}

/** The times on a host. */
export const FOOT_PACE: FootPace = {
  turnMs: 5000,
  gatherMs: 200,
  aliveMs: 8000,
  lookEveryMs: 180_000,
  lookPauses: { firstMs: 5000, longestMs: 300_000 },
  answerMs: 10_000,
  awayPauses: { firstMs: 500, longestMs: 30_000 },
  refusedMs: 60_000,
  askMs: 1000,
  enginePauses: { firstMs: 500, longestMs: 10_000 },
};
