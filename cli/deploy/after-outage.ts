import { deployReportSchema } from "../../deploy/staged/report.ts";
import { bringBack } from "../../deploy/outage/bring-back.ts";
import { commitOf } from "../../deploy/staged/checkout.ts";
import { documentedRestart } from "../../household/documented-restart.ts";
import { UserError } from "../../model/errors.ts";
import { buildGraph } from "../../model/graph.ts";
import { hostsInOrder } from "../../model/restart-order.ts";
import { declarationsOf, openProject, withLocks } from "../../workspace/project.ts";
import { hostsNamed } from "../arguments.ts";
import { note, print, printJson } from "../output.ts";
import type { DeployOptions } from "./deploy.ts";
import { interruptible } from "./interruptible.ts";
import { broughtBackText } from "./text.ts";

/**
 * Brings back what is down after an outage, prints a summary and answers the exit code.
 * @throws UserError HL-USAGE beside options that are about what is deployed
 */
export async function afterOutage(
  hostTexts: readonly string[],
  options: DeployOptions,
): Promise<number> {
  assertAlone(options);
  const named = hostsNamed(hostTexts);
  const project = await openProject();
  const declarations = declarationsOf(project);
  const fleet = await withLocks(project, declarations);
  const graph = buildGraph(declarations);
  const order = hostsInOrder(graph, documentedRestart(graph, declarations));
  const hosts = named.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  const commit = await commitOf(project.programFolder);
  const { root } = options;
  const report = await interruptible((interrupted) =>
    bringBack({ fleet, hosts, root, commit, interrupted, say: note }),
  );
  if (options.json) printJson(deployReportSchema, report);
  else print(broughtBackText(report));
  return report.exitCode;
}

/** Nothing is deployed, so nothing can be said of how; that no remote is asked is so anyway. */
function assertAlone(options: DeployOptions): void {
  const { resume, full, only, rollbackOnFailure, guardWaysIn } = options;
  const others = [
    ...(resume ? ["--resume"] : []),
    ...(full ? ["--full"] : []),
    ...(only === null ? [] : ["--only"]),
    ...(rollbackOnFailure ? ["--rollback-on-failure"] : []),
    ...(guardWaysIn ? ["--guard-ways-in"] : []),
  ];
  if (others.length === 0) return;
  throw new UserError(
    "HL-USAGE",
    `--after-outage deploys nothing, so ${others.join(" and ")} cannot stand beside it`,
  );
}
