// Puts the last good deployment's containers of what a deployment left unhealthy back, and nothing else.
import { contractsOf } from "../../model/image-catalogue.ts";
import { lookAtHost, lookAtPresentHost } from "../drift/look-at-host.ts";
import type { HostLook } from "../drift/look.ts";
import { keepReceipt, plannedServices, receiptOf } from "../staged/complete.ts";
import { filesSeen } from "../staged/files-seen.ts";
import { errorFacts } from "../staged/journal.ts";
import { readReceipts, type Receipt } from "../staged/receipt.ts";
import type { PutBack } from "../staged/report.ts";
import { up } from "../staged/roll-out.ts";
import type { RunContext } from "../staged/run-context.ts";
import { targetsOf } from "../staged/services.ts";
import type { Stage } from "../staged/stage.ts";
import { untilStable } from "../staged/verify.ts";
import { decidePutBack, hasOtherFiles } from "./decide-put-back.ts";
import { withEarlierProject } from "./earlier-project.ts";
import { differenceFrom, receiptSample } from "./verify-receipt.ts";
import { whatBecame } from "./what-became.ts";

/**
 * Puts back what can be, and answers what was; never an error. Data stays as it is: where the newer
 * image may have brought it forward, nothing is put back. The receipt that it leaves says what runs.
 * @param stage that failed, for the log
 */
export async function putBack(run: RunContext, stage: Stage): Promise<PutBack> {
  const note = (message: string): void => run.journal.note({ event: "note", stage, message });
  const result = await attempt(run, note).catch((error: unknown) =>
    nothing(errorFacts(error).message),
  );
  const { services, trouble } = result;
  if (trouble === null) {
    note(`put back, and running: ${services.join(", ")}`);
    return result;
  }
  note(services.length === 0 ? `nothing is put back: ${trouble}` : `not well: ${trouble}`);
  return { ...result, trouble: run.mask(trouble) };
}

function nothing(trouble: string): PutBack {
  return { services: [], began: null, trouble };
}

async function attempt(run: RunContext, note: (message: string) => void): Promise<PutBack> {
  const { host, shell, places, declared, fleet, failed, journal } = run;
  const before = await lookAtPresentHost(declared);
  const decision = decidePutBack({
    declaration: declared.declaration,
    contracts: contractsOf(fleet.map(({ declaration }) => declaration)),
    failed,
    receipts: (await readReceipts(host, shell, places)).receipts,
    look: before,
  });
  if ("refused" in decision) return nothing(decision.refused);
  const { receipt } = decision;
  note(`puts back ${decision.services.join(", ")}, as deployed at ${receipt.began}`);
  // First: a run that is resumed must not take what is put back for what it had deployed.
  journal.undo("deploy");
  await journal.flush();
  const became = (look: HostLook) => whatBecame(receipt, decision.services, before, look);
  const trouble = await troubleIn(async () => {
    await upFrom(run, receipt, decision.services);
    const { back } = became(await lookAtPresentHost(declared));
    if (back.length > 0) await untilAsIn(run, receipt, back);
  });
  const look = await lookAtPresentHost(declared);
  const { back, left } = became(look);
  if (back.length === 0) return nothing(trouble ?? left ?? "nobody has another container");
  const otherFiles = back.filter((name) => hasOtherFiles(receipt, name, look));
  if (otherFiles.length > 0) {
    const why = "written anew since then, or with secrets and other stacks' outputs of now";
    note(`the files of ${otherFiles.join(", ")} are not those of that receipt: ${why}`);
  }
  keepReceipt(run, mixedReceipt(run, receipt, back, look));
  await journal.flush();
  return { services: [...back], began: receipt.began, trouble: trouble ?? left ?? null };
}

/** What went wrong, in words; undefined when nothing did. */
async function troubleIn(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return errorFacts(error).message;
  }
}

/** Runs Pulumi for these services alone, from a receipt's commit and with its digests. */
function upFrom(run: RunContext, receipt: Receipt, services: readonly string[]): Promise<void> {
  const targets = services.map((name) => {
    const [image = ""] = (receipt.services[name]?.image ?? "").split("@");
    return { name, image };
  });
  const names = new Set(services);
  return withEarlierProject(run.project, run.host, receipt, (project) =>
    up({ ...run, project, names, failed: new Set() }, targetsOf(targets)),
  );
}

/** Looks until these services are as the receipt has them, and healthy. */
async function untilAsIn(
  run: RunContext,
  receipt: Receipt,
  services: readonly string[],
): Promise<void> {
  const entries = Object.entries(receipt.services).filter(([name]) => services.includes(name));
  const part = { services: Object.fromEntries(entries) };
  const look = async () => receiptSample(part, await lookAtHost(run.declared));
  await untilStable({ ...run, failed: new Set() }, look);
}

/** The receipt of a host on which containers of two deployments run. */
function mixedReceipt(
  run: RunContext,
  good: Receipt,
  services: readonly string[],
  look: HostLook,
): Receipt {
  const planned = plannedServices(run);
  const names = new Set([...Object.keys(planned), ...Object.keys(good.services)]);
  const present = [...names].flatMap((name) => {
    const made = [planned[name], good.services[name]].find(
      (one) => one !== undefined && differenceFrom(look, name, one) === undefined,
    );
    return made === undefined ? [] : [[name, made] as const];
  });
  const files = filesSeen(
    present.map(([name]) => name),
    look,
  );
  const putBack = { began: good.began, services: [...services] };
  return { ...receiptOf(run, Object.fromEntries(present)), files, putBack };
}
