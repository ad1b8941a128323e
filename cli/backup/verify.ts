import { counted } from "../../model/counted.ts";
import { HostError } from "../../model/errors.ts";
import { hostNamed } from "../arguments.ts";
import { note, print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { runOnHost } from "../../hosts/remote-shell.ts";
import { size } from "../table.ts";
import { compare, isGood, parseRestored, type Comparison } from "./compare.ts";
import { jobsNamed, type BackupJob } from "./jobs.ts";
import { VERIFY_SECONDS, verifyScript } from "./verify-script.ts";

/** What came out of one job's restore. */
interface VerifyResult {
  readonly job: string;
  readonly good: boolean;
  /** In one line. */
  readonly summary: string;
  readonly snapshot?: { readonly id: string; readonly time: Date };
  readonly comparison?: Comparison;
}

/** Most files that are named one by one. */
const MOST_NAMED = 10;
const HOUR = 3_600_000;

/** Restores and compares; answers the exit code. */
export async function verifyBackup(
  service: string,
  hostText: string | undefined,
  json: boolean,
): Promise<number> {
  const host = hostText === undefined ? undefined : hostNamed(hostText);
  const jobs = jobsNamed(declarationsOf(await openProject()), service, host);
  const results: VerifyResult[] = [];
  // One after another: each needs room for everything it restores.
  for (const job of jobs) {
    note(`${job.host}: restoring the newest copy of ${job.sidecar.backup?.repository}`);
    results.push(await verifyJob(job));
  }
  if (json) printJson(results);
  else print(results.map(resultText).join("\n"));
  return results.every(({ good }) => good) ? 0 : 1;
}

async function verifyJob(job: BackupJob): Promise<VerifyResult> {
  const name = `${job.host}/${job.sidecar.name}`;
  const bad = (summary: string): VerifyResult => ({ job: name, good: false, summary });
  const result = await runOnHost(job.host, verifyScript(job), VERIFY_SECONDS + 60);
  if (result.exitCode !== 0) {
    throw new HostError(
      "HL-VERIFY",
      job.host,
      `the copy of ${job.sidecar.name} could not be restored: ${result.stderr.trim().split("\n").at(-1) ?? ""}`,
      result.exitCode,
    );
  }
  const restored = parseRestored(result.stdout);
  switch (restored.kind) {
    case "stopped":
      return bad(`${job.sidecar.name} does not run; \`pulumi up -s ${job.host}\` starts it`);
    case "none":
      return bad(
        `there is no copy yet; make one: ssh ${job.host} docker exec ${job.sidecar.name} /backup.sh`,
      );
    case "problem":
      return bad(restored.message);
    case "space":
      return bad(
        `the copy holds ${size(restored.neededBytes)} and ${job.host} has ${size(restored.freeBytes)} free in /var/tmp; free some, nothing was restored`,
      );
    case "restored": {
      const comparison = compare(restored, job.excludes);
      return {
        job: name,
        good: isGood(comparison),
        summary: summaryOf(comparison),
        snapshot: restored.snapshot,
        comparison,
      };
    }
  }
}

function summaryOf(found: Comparison): string {
  const parts = [
    `${counted(found.identical, "file")} identical`,
    `${found.changedSince} changed since`,
    ...(found.excluded > 0 ? [`${found.excluded} left out as declared`] : []),
    ...(found.damaged.length > 0 ? [`${found.damaged.length} DAMAGED`] : []),
    ...(found.missing.length > 0 ? [`${found.missing.length} MISSING`] : []),
    ...(found.empty.length > 0 ? [`${found.empty.length} EMPTY`] : []),
  ];
  return `${size(found.bytes)} restored: ${parts.join(", ")}`;
}

function resultText(result: VerifyResult): string {
  const { snapshot, comparison } = result;
  const age = snapshot
    ? `, snapshot ${snapshot.id}, ${Math.floor((Date.now() - snapshot.time.getTime()) / HOUR)} h old`
    : "";
  const named = (what: string, paths: readonly string[]): string[] => [
    ...paths.slice(0, MOST_NAMED).map((path) => `  ${what}: ${path}`),
    ...(paths.length > MOST_NAMED ? [`  ${what}: ${paths.length - MOST_NAMED} more`] : []),
  ];
  return [
    `${result.job}: ${result.good ? "good" : "NOT GOOD"}${age}`,
    `  ${result.summary}`,
    ...named("damaged", comparison?.damaged ?? []),
    ...named("missing", comparison?.missing ?? []),
    ...named("empty dump", comparison?.empty ?? []),
  ].join("\n");
}
