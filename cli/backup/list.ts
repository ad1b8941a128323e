import { runOnHost, Unreachable } from "../../hosts/remote-shell.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HostError } from "../../model/errors.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { hostsNamed } from "../arguments.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { print, printJson } from "../output.ts";
import { jobsOf, type BackupJob } from "./jobs.ts";
import { parseList, type ListAnswer } from "./list-answer.ts";
import { copyRows, listExitCode, type CopyRow, type ListedJob } from "./list-rows.ts";
import { LIST_SECONDS, listScript } from "./list-script.ts";
import { listText } from "./list-text.ts";
import { everythingOf, type Place } from "./places.ts";
import { copiesAnswerSchema } from "./answers.ts";

/** Jobs of one host that are asked at once: each reads a repository over the network. */
const AT_ONCE = 3;

/** Lists the copies of everything that is copied; answers the exit code. */
export async function listBackups(hosts: readonly string[], json: boolean): Promise<number> {
  const wanted = hostsNamed(hosts);
  const declarations = declarationsOf(await openProject());
  const asked = declarations.filter(({ host }) => wanted.includes(host));
  const listed = (await Promise.all(asked.map(listHost))).flat();
  const now = new Date();
  const rows: CopyRow[] = listed.flatMap((each) => copyRows(each, now));
  if (json) printJson(copiesAnswerSchema, rows);
  else print(listText(rows, now));
  return listExitCode(rows);
}

/** A few at a time. A host that is away is found out once, and not again for each job. */
async function listHost(declaration: HostDeclaration): Promise<ListedJob[]> {
  const everything = everythingOf(declaration);
  const jobs = jobsOf(declaration).map((job) => ({
    job,
    places: everything.flatMap((each) =>
      each.job.sidecar.name === job.sidecar.name ? each.places : [],
    ),
  }));
  const listed: ListedJob[] = [];
  const left = jobs.entries();
  let away: ListAnswer | undefined;
  const work = async (): Promise<void> => {
    for (const [index, { job, places }] of left) {
      try {
        listed[index] = { job, places, answer: away ?? (await ask(job, places)) };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        const answer = unknown(error.message);
        if (error instanceof Unreachable) away = answer;
        listed[index] = { job, places, answer };
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return listed;
}

async function ask(job: BackupJob, places: readonly Place[]): Promise<ListAnswer> {
  const script = listScript(job, places);
  const { exitCode, stdout, stderr } = await runOnHost(job.host, script, LIST_SECONDS + 60);
  if (exitCode === 0) return parseList(stdout);
  return unknown(lastLine(stderr));
}

function unknown(reason: string): ListAnswer {
  return { kind: "away", reason, snapshots: [], has: new Map(), had: new Map() };
}
