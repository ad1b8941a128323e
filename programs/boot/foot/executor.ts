// The Executor as a host sees it: a question that waits for work, and what is said of it.
import type { Step, StepReport } from "../../../control-plane/contract/work.ts";
import { wait } from "../wait.ts";
import { ask, type Answer } from "./ask.ts";
import { backoffMs, type Pauses } from "./backoff.ts";
import type { Address } from "./settings.ts";

/** It answers within 25 s that there is nothing. */
const WORK_MS = 40_000;
const STEP_MS = 10_000;

/** @throws Error when it does not answer */
export function askForWork(address: Address, signal: AbortSignal): Promise<Answer> {
  return ask(address, { method: "GET", path: "/work" }, WORK_MS, signal);
}

/** What somebody signed that may go without a person. @throws Error when it does not answer */
export function askForPolicies(address: Address, signal: AbortSignal): Promise<Answer> {
  return ask(address, { method: "GET", path: "/policies" }, STEP_MS, signal);
}

/**
 * Says a step; "ended" again and again until it is heard, for nobody else knows it.
 * @returns whether it was taken
 */
export async function sayStep(
  address: Address,
  { id, step, report }: { readonly id: string; readonly step: Step; readonly report: StepReport },
  pauses: Pauses,
  signal: AbortSignal,
): Promise<boolean> {
  const question = {
    method: "POST",
    path: `/work/${id}/${step}`,
    body: JSON.stringify(report),
  } as const;
  for (let failures = 1; !signal.aborted; failures += 1) {
    const status = await ask(address, question, STEP_MS, signal).then(
      (answer) => answer.status,
      () => 503,
    );
    if (status < 500 && status !== 401 && status !== 429) return status === 200;
    if (step !== "ended") return false;
    await wait(backoffMs(pauses, failures, Math.random()), signal);
  }
  return false;
}
