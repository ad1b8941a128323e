import { noteRestored } from "../../components/backup/data-history.ts";
import { CONNECTION_LOST, runOnHost } from "../../hosts/remote-shell.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { hostNamed } from "../arguments.ts";
import { confirmed } from "../confirm.ts";
import { note, print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { databaseScript } from "./restore-database.ts";
import { restoreJobs, type RestoreJob } from "./places.ts";
import { LOOK_SECONDS, lookScript, parseLook } from "./restore-look.ts";
import { plannedRestore, planText, refused, type PlannedRestore } from "./restore-plan.ts";
import { doneJson, doneText, parseRestore, type RestoreResult } from "./restore-result.ts";
import { RESTORE_SECONDS, restoreScript } from "./restore-script.ts";

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

/** Time to end a restore that ran out of its own. */
const SPARE_SECONDS = 300;

/**
 * Puts a service's data back from the NAS's restic server, and keeps what was in its place;
 * answers the exit code.
 * @throws UserError HL-USAGE, HL-CONFIRM
 * @throws HostError HL-RESTORE when nothing was put back, HL-RESTORE-LOST, HL-RESTORE-START
 */
export async function restoreBackup(service: string, options: RestoreOptions): Promise<number> {
  const host = options.host === undefined ? undefined : hostNamed(options.host);
  if (options.snapshot !== undefined && !/^[0-9a-f]{4,64}$/.test(options.snapshot)) {
    throw new UserError("HL-USAGE", `"${options.snapshot}" is not the id of a snapshot`);
  }
  if (options.json && !options.yes) {
    throw new UserError("HL-CONFIRM", "--json cannot ask; repeat with --yes");
  }
  const jobs = restoreJobs(declarationsOf(await openProject()), service, host);
  const plans = await plansOf(jobs, options);
  if (!options.json) for (const each of plans) note(planText(each));
  if (!options.yes && !(await confirmed("Put this back? [y/N] "))) {
    print("Nothing was changed.");
    return 1;
  }
  const done = [];
  for (const each of plans) {
    const result = await putBack(each, !options.leaveStopped);
    done.push(doneJson(each, result));
    if (!options.json) print(doneText(each, result));
  }
  if (options.json) printJson(done);
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
  const { host, sidecar } = job.job;
  const result = await runOnHost(host, lookScript(job, options.snapshot), LOOK_SECONDS + 60);
  if (result.exitCode !== 0) throw refused(job, lastLine(result.stderr));
  const look = parseLook(result.stdout, job.places);
  switch (look.kind) {
    case "stopped":
      throw refused(
        job,
        `${sidecar.name} does not run, and it is needed for this: pulumi up -s ${host}`,
      );
    case "missing":
      throw refused(
        job,
        job.database
          ? `${job.database.name} does not run, and only it can read its dump: pulumi up -s ${host}`
          : `there is no ${look.sources.join(", ")} on its disk; make it first: pulumi up -s ${host}`,
      );
    case "none":
      if (options.snapshot === undefined) throw refused(job, `${sidecar.name} made no copy yet`);
      return undefined;
    case "problem":
      throw refused(job, look.message);
    case "found":
      return plannedRestore(job, look);
  }
}

async function putBack(planned: PlannedRestore, start: boolean): Promise<RestoreResult> {
  const { job, snapshot } = planned;
  const { database, versions } = job;
  // Who is started brings the data to a version of its own again.
  const end = start ? "start\n" : noteRestored(versions, snapshot.id, snapshot.time);
  const script = database
    ? databaseScript(job.job, database, snapshot.id, end)
    : restoreScript(job, snapshot.id, end);
  const run = await runOnHost(job.job.host, script, RESTORE_SECONDS + SPARE_SECONDS);
  const result = parseRestore(run.stdout, job.places);
  const isLost = run.exitCode === CONNECTION_LOST && result.problems.length === 0;
  if (isLost && !result.complete) throw lost(planned, lastLine(run.stderr));
  if ((run.exitCode !== 0 && !isLost) || !result.complete) {
    throw refused(job, result.problems.join("; ") || lastLine(run.stderr));
  }
  if (result.unstarted.length > 0) {
    throw new HostError(
      "HL-RESTORE-START",
      job.job.host,
      `the data is back, but not every container runs: ${result.unstarted.map(({ name, reason }) => `docker start ${name} (${reason})`).join("; ")}`,
      run.exitCode,
    );
  }
  return result;
}

/** The host does all of it or nothing, also when nobody hears which. */
function lost({ job, places }: PlannedRestore, reason: string): HostError {
  const what = places.map(({ source }) => source).join(", ");
  const asides = [...new Set(places.map(({ aside }) => aside))].join(" ");
  const { host } = job.job;
  return new HostError(
    "HL-RESTORE-LOST",
    host,
    `the connection was lost (${reason}), and the host goes on by itself: ${what} will be either as it was or put back whole. In the second case what was there before lies in ${asides}; look with \`ssh ${host} ls -lt ${asides}\``,
    CONNECTION_LOST,
  );
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
