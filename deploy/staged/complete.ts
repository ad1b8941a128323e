import { hostPlan } from "../../model/host-plan.ts";
import { inputsOf, type Inputs } from "./inputs.ts";
import { receiptFile, type Receipt } from "./receipt.ts";
import type { RunContext } from "./run-context.ts";
import { ownIdentity } from "./owner.ts";

/** Writes the receipt; it comes to the host before the mark that the run is complete. */
export async function complete(run: RunContext): Promise<void> {
  const path = receiptPath(run);
  const receipt = receiptOf(run, new Date(), await inputsNow(run));
  run.journal.keep(path, `${JSON.stringify(receipt, undefined, 2)}\n`);
  run.journal.note({ event: "note", stage: "complete", message: `receipt ${path}` });
}

/** What the run was made from, unless that changed under it. */
async function inputsNow({ project, host, inputs }: RunContext): Promise<Inputs | undefined> {
  const now = await inputsOf(project, host);
  return now !== undefined && now.digest === inputs?.digest ? now : undefined;
}

/** Where a run's receipt stands on the host. */
export function receiptPath({ places, began }: Pick<RunContext, "places" | "began">): string {
  return `${places.receipts}/${receiptFile(began)}`;
}

/** The receipt of a run. */
function receiptOf(run: RunContext, ended: Date, inputs: Inputs | undefined): Receipt {
  const { facts, declared, durations, began } = run;
  const { user, host } = ownIdentity();
  const { services } = hostPlan(declared.declaration, declared.lock, facts.commit);
  return {
    ...facts,
    by: `${user}@${host}`,
    began: began.toISOString(),
    ended: ended.toISOString(),
    ...(inputs === undefined ? {} : { inputs }),
    durations: { ...durations },
    services: Object.fromEntries(services.map(({ name, image, spec }) => [name, { image, spec }])),
  };
}
