// Back to an earlier deployment of one host: its commit from a worktree, with the stack files and
// the digests that it had. The host is held there until somebody releases it.
import type { HostName } from "../../model/host-names.ts";
import type { Project } from "../../workspace/project.ts";
import { lookAtPresentHost, type DeclaredHost } from "../drift/look-at-host.ts";
import { rollbackCommand } from "../staged/commands.ts";
import { filesNow, keepReceipt } from "../staged/complete.ts";
import type { Hold } from "../staged/hold.ts";
import { lockHost, unlockHost, type LockedHost } from "../staged/locked-host.ts";
import { inRun } from "../staged/open-run.ts";
import { ownName } from "../staged/owner.ts";
import type { Places } from "../staged/places.ts";
import type { Receipt } from "../staged/receipt.ts";
import { reportOf, type DeployReport } from "../staged/report.ts";
import type { RunContext } from "../staged/run-context.ts";
import { confirmed, rollOutGuarded, runHost } from "../staged/run-host.ts";
import { showPlan } from "../staged/validate.ts";
import { withEarlierProject } from "./earlier-project.ts";
import { verifyReceipt } from "./verify-receipt.ts";

/** What to go back to, and with what. */
export interface RollbackArgs {
  readonly project: Project;
  /** All hosts, as the checkout declares them now. */
  readonly fleet: readonly DeclaredHost[];
  readonly host: HostName;
  readonly places: Places;
  /** The deployment to go back to. */
  readonly target: Receipt;
  readonly say: (line: string) => void;
  /** Fires when a person wants the run to end. */
  readonly interrupted: AbortSignal;
}

/**
 * Goes back. Data stays as it is; what an older version cannot open, the copies before an image
 * changes refuse before anything is stopped (ADR 0023).
 * @throws UserError HL-ROLLBACK when the commit or its packages are not on this computer
 */
export function rollback(args: RollbackArgs): Promise<DeployReport> {
  const { project, host, places, target, say } = args;
  return withEarlierProject(project, host, target, async (earlier) => {
    const reason = `rollback ${host} --to ${target.began}`;
    const again = rollbackCommand(host, target.began, places.root);
    const locked = await lockHost(host, places, { commit: target.commit, reason }, again);
    if ("outcome" in locked) return reportOf([locked]);
    try {
      const begin = () => Promise.resolve(beginning(args, earlier, locked));
      const outcome = await inRun(locked, begin, (run) => runHost(run, [], workOf(target)));
      return reportOf([outcome]);
    } finally {
      await unlockHost(locked, say);
    }
  });
}

function beginning(
  { fleet, host, target, interrupted, say }: RollbackArgs,
  project: Project,
  { lock: { id }, again }: LockedHost,
) {
  const declared = fleet.find(({ declaration }) => declaration.host === host);
  if (!declared) throw new Error(`nothing declares "${host}"`);
  const began = new Date();
  const { commit, planDigest } = target;
  return {
    project,
    fleet,
    declared,
    services: declared.declaration.services,
    names: new Set(Object.keys(target.services)),
    facts: { version: 1, id, host, commit, planDigest, only: null, began: began.toISOString() },
    began,
    inputs: undefined,
    overridden: undefined,
    putBack: undefined,
    guardWaysIn: false,
    pulled: undefined,
    furtherLook: undefined,
    again,
    update: `commit ${commit.slice(0, 12)}, deployed at ${target.began}`,
    interrupted,
    say,
  } as const;
}

function workOf(target: Receipt) {
  return {
    prepare,
    validate: showPlan,
    deploy: rollOutGuarded,
    verify: confirmed((run: RunContext) => verifyReceipt(run, target)),
    complete: (run: RunContext) => complete(run, target),
  };
}

async function prepare({ declared, journal, update }: RunContext): Promise<void> {
  journal.note({ event: "note", stage: "prepare", message: `back to ${update}` });
  await lookAtPresentHost(declared);
}

/** The receipt of now, and that the host stays here. */
async function complete(run: RunContext, target: Receipt): Promise<void> {
  const { began, durations, facts, journal, places } = run;
  const by = ownName();
  const ended = new Date().toISOString();
  const times = { began: began.toISOString(), ended, durations: { ...durations } };
  // The next deployment is none that has nothing to do; secrets in files are those of now.
  const { inputs: _inputs, files: _files, ...rest } = target;
  const files = await filesNow(run, target.services);
  const receipt: Receipt = { ...rest, id: facts.id, by, ...times, ...files };
  const hold: Hold = { receipt: target.began, commit: target.commit, by, since: ended };
  keepReceipt(run, receipt);
  journal.keep(places.held, `${JSON.stringify(hold)}\n`);
  const message = `held at the deployment of ${target.began}; later: npx homelab release ${facts.host}`;
  journal.note({ event: "note", stage: "complete", message });
}
