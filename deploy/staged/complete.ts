import { hostPlan } from "../../model/host-plan.ts";
import { lookAtHost } from "../drift/look-at-host.ts";
import { filesSeen } from "./files-seen.ts";
import { inputsOf, type Inputs } from "./inputs.ts";
import { receiptFile, type Receipt } from "./receipt.ts";
import type { RunContext } from "./run-context.ts";
import { ownName } from "./owner.ts";

/** Writes the receipt; it comes to the host before the mark that the run is complete. */
export async function complete(run: RunContext): Promise<void> {
  const services = plannedServices(run);
  const [inputs, files] = await Promise.all([inputsNow(run), filesNow(run, services)]);
  keepReceipt(run, { ...receiptOf(run, services), ...(inputs && { inputs }), ...files });
  run.journal.note({ event: "note", stage: "complete", message: `receipt ${receiptPath(run)}` });
}

/** Hands a run's receipt to what is written on the host. */
export function keepReceipt(run: RunContext, receipt: Receipt): void {
  run.journal.keep(receiptPath(run), `${JSON.stringify(receipt, undefined, 2)}\n`);
}

/** What the run was made from, unless that changed under it. */
async function inputsNow({ project, host, inputs }: RunContext): Promise<Inputs | undefined> {
  const now = await inputsOf(project, host);
  return now !== undefined && now.digest === inputs?.digest ? now : undefined;
}

/** What the files of these services are, for a receipt; nothing where that cannot be seen. */
export async function filesNow(
  { declared }: Pick<RunContext, "declared">,
  services: Receipt["services"],
): Promise<Pick<Receipt, "files">> {
  const look = await lookAtHost(declared);
  return "away" in look ? {} : { files: filesSeen(Object.keys(services), look) };
}

/** Where a run's receipt stands on the host. */
export function receiptPath({ places, began }: Pick<RunContext, "places" | "began">): string {
  return `${places.receipts}/${receiptFile(began)}`;
}

/** All services of the host as the run makes them. */
export function plannedServices({ declared, facts }: RunContext): Receipt["services"] {
  const { services } = hostPlan(declared.declaration, declared.lock, facts.commit);
  return Object.fromEntries(services.map(({ name, image, spec }) => [name, { image, spec }]));
}

/**
 * The receipt of a run that ends now.
 * @param services that the host has by it
 */
export function receiptOf(
  { facts, durations, began }: RunContext,
  services: Receipt["services"],
): Receipt {
  return {
    ...facts,
    by: ownName(),
    began: began.toISOString(),
    ended: new Date().toISOString(),
    durations: { ...durations },
    services,
  };
}
