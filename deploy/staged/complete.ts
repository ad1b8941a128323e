import { hostPlan } from "../../model/host-plan.ts";
import type { Receipt } from "./receipt.ts";
import type { RunContext } from "./run-context.ts";
import { ownIdentity } from "./owner.ts";
import { stamp } from "./state.ts";

/** Writes the receipt; it comes to the host before the mark that the run is complete. */
export function complete(run: RunContext): Promise<void> {
  const path = receiptPath(run);
  run.journal.keep(path, `${JSON.stringify(receiptOf(run, new Date()), undefined, 2)}\n`);
  run.journal.note({ event: "note", stage: "complete", message: `receipt ${path}` });
  return Promise.resolve();
}

/** Where a run's receipt stands on the host. */
export function receiptPath({ places, began }: Pick<RunContext, "places" | "began">): string {
  return `${places.receipts}/${stamp(began)}.json`;
}

/** The receipt of a run. */
export function receiptOf(run: RunContext, ended: Date): Receipt {
  const { facts, declared, durations, began } = run;
  const { user, host } = ownIdentity();
  const { services } = hostPlan(declared.declaration, declared.lock, facts.commit);
  return {
    ...facts,
    by: `${user}@${host}`,
    began: began.toISOString(),
    ended: ended.toISOString(),
    durations: { ...durations },
    services: Object.fromEntries(services.map(({ name, image, spec }) => [name, { image, spec }])),
  };
}
