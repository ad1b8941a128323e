import { CONNECTION_LOST, runOnHost } from "../../hosts/remote-shell.ts";
import { HostError } from "../../model/errors.ts";
import { lastLine } from "../../hosts/last-line.ts";
import type { RestoreJob } from "./places.ts";
import { databaseScript } from "./restore-database.ts";
import { LOOK_SECONDS, lookScript, parseLook, type Look } from "./restore-look.ts";
import { refused, type PlannedRestore } from "./restore-plan.ts";
import { parseRestore, type RestoreResult } from "./restore-result.ts";
import { RESTORE_SECONDS, restoreScript } from "./restore-script.ts";

/** Time to end a restore that ran out of its own. */
const SPARE_SECONDS = 300;

/**
 * Looks at what is there and at what a snapshot has; changes nothing.
 * @param snapshot id or its beginning. @default the newest of this job
 * @throws HostError HL-UNREACHABLE, HL-RESTORE
 */
export async function lookAt(job: RestoreJob, snapshot: string | undefined): Promise<Look> {
  const result = await runOnHost(job.job.host, lookScript(job, snapshot), LOOK_SECONDS + 60);
  if (result.exitCode !== 0) throw refused(job, lastLine(result.stderr));
  return parseLook(result.stdout, job.places);
}

/** Why nothing can be put back, and what to do about it. */
export function refusal(job: RestoreJob, look: Exclude<Look, { kind: "found" }>): string {
  const { host, sidecar } = job.job;
  switch (look.kind) {
    case "stopped":
      return `${sidecar.name} does not run, and it is needed for this: pulumi up -s ${host}`;
    case "missing":
      return job.database
        ? `${job.database.name} does not run, and only it can read its dump: pulumi up -s ${host}`
        : `there is no ${look.sources.join(", ")} on its disk; make it first: pulumi up -s ${host}`;
    case "none":
      return `${sidecar.name} made no copy yet`;
    case "problem":
      return look.message;
  }
}

/**
 * Puts back what was planned, all of it or nothing.
 * @param end shell for when it is done, e.g. "start\n", which starts again what was stopped
 * @throws HostError HL-RESTORE when nothing was put back, HL-RESTORE-LOST, HL-RESTORE-START
 */
export async function putBack(planned: PlannedRestore, end: string): Promise<RestoreResult> {
  const { job, snapshot } = planned;
  const script = job.database
    ? databaseScript(job.job, job.database, snapshot.id, end)
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
