import { rollback } from "../../deploy/rollback/rollback.ts";
import { rollbackTarget } from "../../deploy/rollback/target.ts";
import { shellOf } from "../../deploy/staged/host-files.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { readReceipts, type Receipt } from "../../deploy/staged/receipt.ts";
import { receiptDifferences } from "../../model/receipt-differences.ts";
import { assertPulumiEnvironment } from "../../workspace/pulumi.ts";
import { declarationsOf, openProject, withLocks } from "../../workspace/project.ts";
import { hostNamed } from "../arguments.ts";
import { assertCanAsk, confirmed } from "../confirm.ts";
import { deployText } from "../deploy/text.ts";
import { interruptible } from "../deploy/interruptible.ts";
import { differencesText } from "../history/differences-text.ts";
import { note, print, printJson } from "../output.ts";
import { deployReportSchema } from "../../deploy/staged/report.ts";

/** How `homelab rollback` was called. */
export interface RollbackOptions {
  readonly to: string | undefined;
  readonly root: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Goes back to an earlier deployment of a host, and answers the exit code.
 * @throws UserError HL-CONFIRM
 */
export async function rollbackHost(hostText: string, options: RollbackOptions): Promise<number> {
  const host = hostNamed(hostText);
  assertCanAsk(options);
  const places = placesBelow(options.root);
  const project = await openProject();
  assertPulumiEnvironment(project, [host]);
  const { receipts } = await readReceipts(host, shellOf(host), places);
  const target = rollbackTarget(host, receipts, options.to);
  note(intentionText(host, receipts[0], target));
  if (!options.yes && !(await confirmed("Go back? [y/N] "))) return 1;
  const fleet = await withLocks(project, declarationsOf(project));
  const report = await interruptible((interrupted) =>
    rollback({ project, fleet, host, places, target, say: note, interrupted }),
  );
  if (options.json) printJson(deployReportSchema, report);
  else print(deployText(report));
  return report.exitCode;
}

/** What will be done, and what is not undone by it. */
export function intentionText(host: string, last: Receipt | undefined, target: Receipt): string {
  const changes = last ? receiptDifferences(last, target) : [];
  return [
    `${host} goes back to the deployment of ${target.began}, commit ${target.commit.slice(0, 12)}.`,
    changes.length === 0 ? "By the receipts nothing changes." : differencesText(changes).trimEnd(),
    "Data stays as it is now. What an older version cannot open is refused before anything is stopped,",
    "with the commands that put a copy back (docs/guides/going-back.md). Secrets stay those of now.",
    "",
  ].join("\n");
}
