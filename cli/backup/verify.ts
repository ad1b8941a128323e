import { counted } from "../../model/counted.ts";
import { HostError } from "../../model/errors.ts";
import { hostNamed } from "../arguments.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { note, print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { runOnHost } from "../../hosts/remote-shell.ts";
import { printingReporter } from "../progress.ts";
import { size } from "../table.ts";
import { compare, isGood, parseRestored, type Comparison } from "./compare.ts";
import { jobsNamed, jobsOf, nameOf, type BackupJob } from "./jobs.ts";
import { verifiedScript } from "./verified.ts";
import { VERIFY_SECONDS, verifyScript } from "./verify-script.ts";
import { verifyAnswerSchema } from "./answers.ts";

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
/** Time to write one small file. */
const KEEP_SECONDS = 30;

/** Which copies `homelab backup verify` looks at. */
export interface VerifyOptions {
  /** Service, job or repository; undefined: all there are. */
  readonly service: string | undefined;
  readonly host: string | undefined;
  readonly json: boolean;
}

/**
 * Restores and compares; answers the exit code. Of several jobs a failed one does not keep the
 * others from being looked at.
 * @throws HostError HL-VERIFY when one service's copy was meant, and nothing can be said of it
 */
export async function verifyBackup(options: VerifyOptions): Promise<number> {
  const host = options.host === undefined ? undefined : hostNamed(options.host);
  const declarations = declarationsOf(await openProject());
  const jobs =
    options.service === undefined
      ? declarations
          .filter((each) => host === undefined || each.host === host)
          .flatMap((each) => jobsOf(each))
      : jobsNamed(declarations, options.service, host);
  const results: VerifyResult[] = [];
  const reporter = printingReporter(note);
  // One after another: each needs room for everything it restores.
  for (const job of jobs) {
    const done = reporter.step(nameOf(job));
    const result = await (options.service === undefined ? outcomeOf(job) : verifyJob(job));
    await keep(job, result);
    done(result.good ? "good" : "NOT GOOD");
    results.push(result);
  }
  if (options.json) printJson(verifyAnswerSchema, results);
  else print([...results.map(resultText), ...totals(results)].join("\n"));
  return results.every(({ good }) => good) ? 0 : 1;
}

/** What cannot be looked at is not good either. */
async function outcomeOf(job: BackupJob): Promise<VerifyResult> {
  try {
    return await verifyJob(job);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { job: nameOf(job), good: false, summary: error.message };
  }
}

/** For `homelab backup list`. Not being able to is said, and makes no copy worse. */
async function keep(job: BackupJob, { good, snapshot }: VerifyResult): Promise<void> {
  if (!snapshot) return;
  const record = { at: new Date().toISOString(), snapshot: snapshot.id, good };
  try {
    const script = verifiedScript(job.sidecar.name, record);
    const { exitCode, stderr } = await runOnHost(job.host, script, KEEP_SECONDS);
    if (exitCode !== 0) note(`${nameOf(job)}: the result could not be kept: ${stderr}`);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    note(`${nameOf(job)}: the result could not be kept: ${error.message}`);
  }
}

function totals(results: readonly VerifyResult[]): string[] {
  const good = results.filter((result) => result.good).length;
  return results.length > 1 ? [`${good} of ${counted(results.length, "job")} good`] : [];
}

async function verifyJob(job: BackupJob): Promise<VerifyResult> {
  const name = nameOf(job);
  const bad = (summary: string): VerifyResult => ({ job: name, good: false, summary });
  const result = await runOnHost(job.host, verifyScript(job), VERIFY_SECONDS + 60);
  if (result.exitCode !== 0) {
    throw new HostError(
      "HL-VERIFY",
      job.host,
      `the copy of ${job.sidecar.name} could not be restored: ${lastLine(result.stderr)}`,
      result.exitCode,
    );
  }
  const restored = parseRestored(result.stdout);
  switch (restored.kind) {
    case "stopped":
      return bad(`${job.sidecar.name} does not run; \`pulumi up -s ${job.host}\` starts it`);
    case "none":
      return bad(
        `there is no copy yet; make one: npx homelab backup run ${job.sidecar.name} ${job.host}`,
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
