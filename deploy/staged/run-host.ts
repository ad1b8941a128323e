// One host through the stages. Who calls holds its lock.
import { complete, receiptPath } from "./complete.ts";
import { whatIsFound } from "./diagnose.ts";
import { confirm, keepWaysIn, standDown } from "./fallback.ts";
import { inStage, secondsSince } from "./in-stage.ts";
import { errorFacts } from "./journal.ts";
import { takeoverText } from "./lock.ts";
import { ownName } from "./owner.ts";
import { prepare } from "./prepare.ts";
import type { HostOutcome, PutBack } from "./report.ts";
import { rollOut } from "./roll-out.ts";
import type { RunContext } from "./run-context.ts";
import { STAGES, type Stage } from "./stage.ts";
import { validate } from "./validate.ts";
import { verify } from "./verify.ts";

/** What a stage does. */
export type StageWork = (run: RunContext) => Promise<void>;

/** What each stage does. */
export const WORK: Readonly<Record<Stage, StageWork>> = {
  prepare,
  validate,
  deploy: rollOutGuarded,
  verify: confirmed(verify),
  complete,
};

/** Deploys, once the host has kept what it is reached by. */
export async function rollOutGuarded(run: RunContext): Promise<void> {
  await keepWaysIn(run);
  await rollOut(run);
}

/** A last look, after which the host is no longer to act by itself. */
export function confirmed(look: StageWork): StageWork {
  return async (run) => {
    await look(run);
    await confirm(run);
  };
}

/**
 * Runs the stages that are not complete, and answers how that went; never an error.
 * @param done stages that the run which this one resumes has completed
 */
export async function runHost(
  run: RunContext,
  done: readonly Stage[],
  work: Readonly<Record<Stage, StageWork>> = WORK,
): Promise<HostOutcome> {
  const { host, facts, journal } = run;
  const begin = performance.now();
  const base = {
    host,
    cause: null,
    diagnostics: null,
    receipt: null,
    putBack: null,
    error: null,
    log: journal.log,
  };
  let stage: Stage = "prepare";
  try {
    journal.note({
      event: "run-began",
      commit: facts.commit,
      planDigest: facts.planDigest,
      only: facts.only,
      resumed: done.length > 0,
      by: ownName(),
    });
    if (done.length === 0) journal.begin(facts);
    for (const one of done) journal.note({ event: "stage-skipped", stage: one });
    const left = STAGES.filter((one) => !done.includes(one));
    if (run.takenFrom) {
      const message = takeoverText(run.takenFrom);
      journal.note({ event: "note", stage: left[0] ?? "complete", message });
    }
    if (left[0] !== undefined) await journal.enter(left[0]);
    for (const [index, one] of left.entries()) {
      stage = one;
      await runStage(run, one, work[one], left[index + 1]);
    }
    const seconds = secondsSince(begin);
    journal.note({ event: "run-ended", outcome: "done", seconds });
    await journal.flush();
    return { ...base, outcome: "done", stage, seconds, receipt: receiptPath(run), next: null };
  } catch (error) {
    const { code, message } = errorFacts(error);
    const said = { code, message: run.mask(message) };
    const { path, cause } = await whatIsFound({ ...run, quotes: true }, stage, said.message);
    const back = await broughtBack(run, stage);
    await standDown(run, stage);
    const seconds = secondsSince(begin);
    await ended(run, seconds);
    const why = { cause: cause ?? null, diagnostics: path ?? null };
    const receipt = back?.began == null ? null : receiptPath(run);
    const after = { putBack: back, receipt, next: run.again };
    return { ...base, outcome: "failed", stage, seconds, error: said, ...why, ...after };
  }
}

async function runStage(
  run: RunContext,
  stage: Stage,
  work: StageWork,
  next: Stage | undefined,
): Promise<void> {
  const { journal, facts, durations } = run;
  const seconds = await inStage(run, stage, () => work(run));
  durations[stage] = seconds;
  const marker = { run: facts.id, at: new Date().toISOString(), seconds };
  await journal.complete(stage, marker, next);
}

/** What was put back; null where nobody asked for it, or no service is known to have failed. */
async function broughtBack(run: RunContext, stage: Stage): Promise<PutBack | null> {
  const { putBack, failed, interrupted } = run;
  if (!putBack || failed.size === 0 || interrupted.aborted) return null;
  return putBack(run, stage);
}

/** The log's last line; a host that cannot be written any more has said so before. */
async function ended({ journal }: RunContext, seconds: number): Promise<void> {
  journal.note({ event: "run-ended", outcome: "failed", seconds });
  await journal.flush().catch(() => undefined);
}
