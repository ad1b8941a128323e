import { noteRestored } from "../../components/backup/data-history.ts";
import { UserError } from "../../model/errors.ts";
import { hostNamed } from "../arguments.ts";
import { assertCanAsk, confirmed } from "../confirm.ts";
import { note, print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { restoreJobs, type RestoreJob } from "./places.ts";
import { lookAt, putBack, refusal } from "./put-back.ts";
import { plannedRestore, planText, refused, type PlannedRestore } from "./restore-plan.ts";
import { doneJson, doneText } from "./restore-result.ts";
import { restoredAnswerSchema } from "./answers.ts";

/** How `homelab backup restore` was called. */
export interface RestoreOptions {
  readonly host: string | undefined;
  /** Id or its beginning. @default the newest of each job */
  readonly snapshot: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
  /** The containers are not started again. */
  readonly leaveStopped: boolean;
}

/**
 * Puts a service's data back from its copies, and keeps what was in its place;
 * answers the exit code.
 * @throws UserError HL-USAGE, HL-CONFIRM
 * @throws HostError HL-RESTORE when nothing was put back, HL-RESTORE-LOST, HL-RESTORE-START
 */
export async function restoreBackup(service: string, options: RestoreOptions): Promise<number> {
  const host = options.host === undefined ? undefined : hostNamed(options.host);
  if (options.snapshot !== undefined && !/^[0-9a-f]{4,64}$/.test(options.snapshot)) {
    throw new UserError("HL-USAGE", `"${options.snapshot}" is not the id of a snapshot`);
  }
  assertCanAsk(options);
  const jobs = restoreJobs(declarationsOf(await openProject()), service, host);
  const plans = await plansOf(jobs, options);
  if (!options.json) for (const each of plans) note(planText(each));
  if (!options.yes && !(await confirmed("Put this back? [y/N] "))) {
    print("Nothing was changed.");
    return 1;
  }
  const done = [];
  for (const each of plans) {
    const { versions } = each.job;
    // Who is started brings the data to a version of its own again.
    const end = options.leaveStopped
      ? noteRestored(versions, each.snapshot.id, each.snapshot.time)
      : "start\n";
    const result = await putBack(each, end);
    done.push(doneJson(each, result));
    if (!options.json) print(doneText(each, result));
  }
  if (options.json) printJson(restoredAnswerSchema, done);
  return 0;
}

/** With an id only the jobs that have a snapshot of that id. */
async function plansOf(
  jobs: readonly RestoreJob[],
  options: RestoreOptions,
): Promise<PlannedRestore[]> {
  const plans: PlannedRestore[] = [];
  for (const job of jobs) {
    const found = await plan(job, options);
    if (found) plans.push(found);
  }
  const [job] = jobs;
  if (plans.length === 0 && job) throw refused(job, `there is no snapshot ${options.snapshot}`);
  return plans;
}

async function plan(job: RestoreJob, options: RestoreOptions): Promise<PlannedRestore | undefined> {
  const look = await lookAt(job, options.snapshot);
  if (look.kind === "found") return plannedRestore(job, look);
  if (look.kind === "none" && options.snapshot !== undefined) return undefined;
  throw refused(job, refusal(job, look));
}
