import {
  declaredFor,
  plannedPrune,
  prune,
  pruneShell,
  type PrunedHost,
} from "../../deploy/images/prune.ts";
import {
  pruneReport,
  pruneReportSchema,
  type HostPrune,
} from "../../deploy/images/prune-report.ts";
import { commitOf } from "../../deploy/staged/checkout.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { UserError } from "../../model/errors.ts";
import { declarationsOf, openProject, withLocks } from "../../workspace/project.ts";
import { hostsNamed } from "../arguments.ts";
import { assertCanAsk, confirmed } from "../confirm.ts";
import { interruptible } from "../deploy/interruptible.ts";
import { note, print, printJson } from "../output.ts";
import { pruneText } from "./prune-text.ts";

/** How `homelab images prune` was called. */
export interface PruneOptions {
  /** Deployments whose images stay. */
  readonly keep: string;
  readonly dryRun: boolean;
  readonly root: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Shows which images would go, asks, removes them, and answers the exit code. */
export async function pruneImages(
  hostTexts: readonly string[],
  { keep: keepText, dryRun, root, yes, json }: PruneOptions,
): Promise<number> {
  const places = placesBelow(root);
  const keep = keepOf(keepText);
  const hosts = hostsNamed(hostTexts);
  const project = await openProject();
  const fleet = await withLocks(project, declarationsOf(project));
  const pruned = hosts.map((host): PrunedHost => ({
    host,
    shell: pruneShell(host),
    places,
    declared: declaredFor(host, fleet),
    keep,
  }));
  const planned = await Promise.all(pruned.map(plannedPrune));
  const isNothing = planned.every(({ removed }) => removed.length === 0);
  if (dryRun || isNothing) return finished(planned, json);
  assertCanAsk({ json, yes });
  note(pruneText(planned));
  if (!yes && !(await confirmed("Remove them? [y/N] "))) return 1;
  const commit = await commitOf(project.programFolder);
  // What was begun on a host is ended, and its lock given back.
  const done = await interruptible(() =>
    Promise.all(
      pruned.map(async (one, index): Promise<HostPrune> => {
        const plan = planned[index] ?? (await plannedPrune(one));
        return plan.removed.length === 0 ? plan : prune(one, plan, { commit, say: note });
      }),
    ),
  );
  return finished(done, json);
}

function finished(hosts: readonly HostPrune[], json: boolean): number {
  const report = pruneReport(hosts);
  if (json) printJson(pruneReportSchema, report);
  else print(pruneText(hosts));
  return report.exitCode;
}

/** The present deployment is one of them, so there is no zero. */
function keepOf(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UserError("HL-USAGE", `--keep "${text}" is no number of deployments from 1 to 999`);
}
