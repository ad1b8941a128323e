import { CONNECTION_LOST, runOnHost } from "../../hosts/remote-shell.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { isHostName, type HostName } from "../../model/host-names.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { note, print, printJson } from "../output.ts";
import { printingReporter } from "../progress.ts";
import { cell } from "../table.ts";
import { jobsNamed, jobsOf, nameOf, type BackupJob } from "./jobs.ts";
import { parseRun, RUN_SECONDS, runScript, type RunAnswer } from "./run-script.ts";
import { runAnswerSchema } from "./answers.ts";

const LONGEST_MESSAGE = 300;

/** How one job went. */
interface RunResult {
  readonly job: string;
  readonly good: boolean;
  /** In one line. */
  readonly summary: string;
  /** The job's last lines, when it failed. */
  readonly said: readonly string[];
}

/**
 * The jobs that words mean: hosts, and jobs by their container, repository or a service whose data
 * they copy. Hosts alone: all of their jobs.
 * @throws UserError HL-USAGE for a word that is neither
 */
export function jobsMeant(
  declarations: readonly HostDeclaration[],
  words: readonly string[],
): BackupJob[] {
  const hosts = words.filter(isHostName);
  const names = words.filter((word) => !isHostName(word));
  const asked = declarations.filter(({ host }) => hosts.length === 0 || hosts.includes(host));
  if (names.length === 0) {
    if (hosts.length > 0) return asked.flatMap((each) => jobsOf(each));
    throw new UserError("HL-USAGE", "say which jobs, which host, or both");
  }
  const [only] = hosts;
  const host = hosts.length === 1 ? only : undefined;
  const found = names.flatMap((name) => jobsNamed(asked, name, host));
  // Two words can mean the same job.
  return [...new Map(found.map((job) => [nameOf(job), job])).values()];
}

/** Runs jobs now, one after another; answers the exit code. */
export async function runBackups(words: readonly string[], json: boolean): Promise<number> {
  const jobs = jobsMeant(declarationsOf(await openProject()), words);
  const reporter = printingReporter(note);
  const results: RunResult[] = [];
  for (const job of jobs) {
    const done = reporter.step(nameOf(job));
    const result = await runJob(job);
    done(result.good ? "copied" : "FAILED");
    results.push(result);
  }
  if (json) printJson(runAnswerSchema, results);
  else print(results.map(runText).join("\n"));
  return results.every(({ good }) => good) ? 0 : 1;
}

async function runJob(backup: BackupJob): Promise<RunResult> {
  const job = nameOf(backup);
  const { name } = backup.sidecar;
  const { host } = backup;
  try {
    const { exitCode, stdout, stderr } = await runOnHost(host, runScript(name), RUN_SECONDS);
    if (exitCode === CONNECTION_LOST) {
      const summary = `the connection was lost, and the run goes on by itself; later: npx homelab backup list ${host}`;
      return { job, good: false, summary, said: [] };
    }
    const answer = parseRun(stdout);
    const reason = lastLine(stderr);
    return { job, good: answer.kind === "ok", ...summaryOf(host, name, answer, reason) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { job, good: false, summary: error.message, said: [] };
  }
}

/** What a run says of itself, and what to do where it could not run. */
export function summaryOf(
  host: HostName,
  sidecar: string,
  { kind, code, waited, lastRun, said }: RunAnswer,
  reason = "",
): Pick<RunResult, "summary" | "said"> {
  const message = cell(lastRun?.message ?? "", LONGEST_MESSAGE);
  switch (kind) {
    case "ok":
      return { summary: `${message}${waited ? ", after a run that was under way" : ""}`, said: [] };
    case "failed":
      return {
        // What stands there otherwise is of a run before.
        summary: lastRun?.result === "failed" ? message : `it ended with exit code ${code}`,
        said: said.map((line) => cell(line, LONGEST_MESSAGE)),
      };
    case "under-way":
      return {
        summary: `another run is under way; its end: npx homelab backup list ${host}`,
        said: [],
      };
    case "stopped":
      return {
        summary: `its container does not run: ssh ${host} docker start ${sidecar}, or pulumi up -s ${host}`,
        said: [],
      };
    case "cut-short":
      return { summary: `the answer was cut short${reason === "" ? "" : `: ${reason}`}`, said: [] };
  }
}

function runText({ job, good, summary, said }: RunResult): string {
  return [`${job}: ${good ? "" : "FAILED: "}${summary}`, ...said.map((line) => `  ${line}`)].join(
    "\n",
  );
}
