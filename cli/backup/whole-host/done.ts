import type { HostName } from "../../../model/host-names.ts";
import { after } from "../../host-answer.ts";
import { snapshotText } from "../restore-plan.ts";
import type { RestoreResult } from "../restore-result.ts";
import type { HostPlan, HostStep } from "./plan.ts";

/** One job's part, and how it went. */
export interface Outcome {
  readonly step: HostStep;
  readonly result?: RestoreResult;
  /** Why it was not put back, or that nobody knows whether it was. */
  readonly problem?: string;
}

/** How it all went. */
export interface HostDone extends Starts {
  readonly host: HostName;
  /** Was back before. */
  readonly back: readonly string[];
  /** Has no copy. */
  readonly stays: HostPlan["stays"];
  readonly outcomes: readonly Outcome[];
  /** Containers that were not started, because their data is not back. */
  readonly staying: readonly string[];
}

interface Starts {
  readonly started: readonly string[];
  /** Name and reason. */
  readonly unstarted: readonly string[];
}

/** Reads the lines of the start script. */
export function parseStarts(output: string): Starts {
  const lines = output.split("\n");
  return { started: after(lines, "started"), unstarted: after(lines, "unstarted") };
}

/** Everything is back, and everybody runs who was stopped for it. */
export function isWhole({ outcomes, unstarted }: HostDone): boolean {
  return unstarted.length === 0 && outcomes.every(({ problem }) => problem === undefined);
}

/** For a person: what is back, what is not, and what is left to do. */
export function hostDoneText(done: HostDone): string {
  const { host, stays, outcomes, started, unstarted, staying } = done;
  const kept = outcomes.flatMap(({ result }) => [...(result?.kept.values() ?? [])]);
  return [
    ...outcomes.flatMap(({ step, problem }) =>
      problem === undefined
        ? step.places.map(({ source }) => `${source} is back as of ${snapshotText(step.snapshot)}`)
        : [],
    ),
    ...(kept.length > 0 ? ["What was there is kept; remove it when you do not need it:"] : []),
    ...kept.map((path) => `  ssh ${host} rm -r ${path}`),
    ...(started.length > 0 ? [`Started: ${started.join(", ")}`] : []),
    ...unstarted.map((line) => `NOT STARTED: ${line}`),
    ...outcomes.flatMap(({ problem }) => (problem === undefined ? [] : [`NOT BACK: ${problem}`])),
    ...(staying.length > 0
      ? [`Left stopped, because their data is not back: ${staying.join(", ")}`]
      : []),
    ...stays.map(({ source, why }) => `Without a copy, and as it was: ${source}, ${why}`),
    isWhole(done)
      ? `Everything is back. Now: npx homelab check ${host}`
      : "Mend that and repeat the command: it goes on with what is missing, and starts what is stopped.",
  ].join("\n");
}

/** For programs. */
export function hostDoneJson(done: HostDone) {
  const { host, back, stays, outcomes, started, unstarted, staying } = done;
  const restored = outcomes.flatMap(({ step, result, problem }) =>
    step.places.map(({ source, copy }) => ({
      source,
      snapshot: step.snapshot,
      ...copy,
      kept: result?.kept.get(source) ?? null,
      problem: problem ?? null,
    })),
  );
  return { host, restored, back, stays, started, unstarted, staying };
}
