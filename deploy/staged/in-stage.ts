import { HostError } from "../../model/errors.ts";
import { errorFacts } from "./journal.ts";
import type { RunContext } from "./run-context.ts";
import type { Stage } from "./stage.ts";

/**
 * Does the work of a stage, and notes in the log how it went.
 * @returns how many seconds it took
 * @throws HostError HL-DEPLOY-INTERRUPTED once the work is done, when a person wants the run to end;
 *   whatever the work throws
 */
export async function inStage(
  { host, journal, interrupted }: Pick<RunContext, "host" | "journal" | "interrupted">,
  stage: Stage,
  work: () => Promise<void>,
): Promise<number> {
  const begin = performance.now();
  journal.note({ event: "stage-began", stage });
  try {
    await work();
    if (interrupted.aborted) throw interruptedAt(host, stage);
  } catch (error) {
    const seconds = secondsSince(begin);
    journal.note({ event: "stage-failed", stage, seconds, ...errorFacts(error) });
    throw error;
  }
  const seconds = secondsSince(begin);
  journal.note({ event: "stage-ended", stage, seconds });
  return seconds;
}

function interruptedAt(host: string, stage: Stage): HostError {
  const message = `a person ended the run during the stage "${stage}"; what was under way is finished`;
  return new HostError("HL-DEPLOY-INTERRUPTED", host, message);
}

/** Seconds since a time of `performance.now()`, to the millisecond. */
export function secondsSince(begin: number): number {
  return Math.round(performance.now() - begin) / 1000;
}
