import { runOnHost, type ScriptResult } from "../../../hosts/remote-shell.ts";
import type { HostDeclaration } from "../../../model/declaration.ts";
import { HostError } from "../../../model/errors.ts";
import { buildGraph, type Graph } from "../../../model/graph.ts";
import type { HostName } from "../../../model/host-names.ts";
import { declarationsOf, openProject } from "../../../workspace/project.ts";
import { hostNamed } from "../../arguments.ts";
import { assertCanAsk, confirmed } from "../../confirm.ts";
import { lastLine } from "../../../hosts/last-line.ts";
import { note, print, printJson } from "../../output.ts";
import { printingReporter } from "../../progress.ts";
import { everythingOf, writtenBy, type RestoreJob } from "../places.ts";
import { lookAt, putBack, refusal } from "../put-back.ts";
import { moment, snapshotText } from "../restore-plan.ts";
import type { Look } from "../restore-look.ts";
import {
  HISTORY_SECONDS,
  historyScript,
  noteBack,
  parseHistory,
  type HostHistory,
} from "./history.ts";
import { inStartOrder, ORDER_SECONDS, starting, startScript, stopScript } from "./order.ts";
import {
  chosenSnapshot,
  hostPlan,
  hostRoomProblem,
  newerPlaces,
  type HostPlan,
  type HostStep,
  type SeenJob,
} from "./plan.ts";
import { hostDoneJson, hostDoneText, isWhole, parseStarts, type Outcome } from "./done.ts";
import { hostPlanText } from "./text.ts";
import { hostRestoredAnswerSchema } from "../answers.ts";

/** How `homelab backup restore --all` was called. */
export interface RestoreHostOptions {
  readonly yes: boolean;
  readonly json: boolean;
  /** Only copies from before then. @default the newest of each job */
  readonly before: Date | undefined;
  /** What was written since the copies were made may be replaced too. */
  readonly replaceNewer: boolean;
}

/**
 * Puts back everything that the jobs of a host copy; answers the exit code. What is back already is
 * left alone, so a run that was cut off is ended by the next one.
 * @throws UserError HL-USAGE, HL-CONFIRM
 * @throws HostError HL-UNREACHABLE; HL-RESTORE before anything was changed, with every reason;
 *   HL-RESTORE-PART when its containers could not be stopped or started
 */
export async function restoreHost(text: string, options: RestoreHostOptions): Promise<number> {
  const host = hostNamed(text);
  assertCanAsk(options);
  const declarations = declarationsOf(await openProject());
  const graph = buildGraph(declarations);
  const declaration = declarations.find((each) => each.host === host);
  if (!declaration) throw new Error(`${host} is not declared`);
  const jobs = everythingOf(declaration);
  const history = await readHistory(host, jobs);
  const plan = hostPlan(await lookAtAll(host, jobs, options.before), history, options.replaceNewer);
  refuseUnsafe(host, plan, options);
  const names = inStartOrder(graph, host, [
    ...history.waiting,
    ...plan.steps.flatMap(runningUsers),
  ]);
  const stops = names.toReversed();
  if (!options.json) note(hostPlanText(host, plan, stops));
  if (plan.steps.length === 0 && names.length === 0) {
    const { back, stays } = plan;
    const isCopied = back.length > 0;
    if (options.json)
      printJson(hostRestoredAnswerSchema, { host, restored: [], back, stays, started: [] });
    else if (isCopied) print(`Nothing is left to put back on ${host}.`);
    else print(`Nothing can be put back on ${host}: there is no copy of anything of it.`);
    return isCopied ? 0 : 1;
  }
  if (!options.yes && !(await confirmed(`Put all of this back on ${host}? [y/N] `))) {
    print("Nothing was changed.");
    return 1;
  }
  return carryOut({ declaration, graph, plan, names, json: options.json });
}

async function readHistory(host: HostName, jobs: readonly RestoreJob[]): Promise<HostHistory> {
  const run = await runOnHost(host, historyScript(jobs), HISTORY_SECONDS);
  const history = parseHistory(run.stdout);
  if (run.exitCode === 0 && history) return history;
  throw nothingDone(host, `its data could not be looked at: ${lastLine(run.stderr)}`);
}

/** Looks at all of it before anything is changed; the copies of one job are of one moment. */
async function lookAtAll(
  host: HostName,
  jobs: readonly RestoreJob[],
  before: Date | undefined,
): Promise<SeenJob[]> {
  const reporter = printingReporter(note);
  const seen: SeenJob[] = [];
  const problems: string[] = [];
  const snapshots = new Map<string, string>();
  for (const job of jobs) {
    const { name } = job.job.sidecar;
    const done = reporter.step(`looking at ${name}${job.database ? `, ${job.database.name}` : ""}`);
    const look = await lookBefore(job, snapshots.get(name), before);
    done();
    if (look.kind === "found") {
      snapshots.set(name, look.snapshot.id);
      seen.push({ job, look });
    } else if (look.kind === "none") seen.push({ job, look: undefined });
    else problems.push(`${name}: ${refusal(job, look)}`);
  }
  if (problems.length > 0) throw nothingDone(host, problems.join("; "));
  return seen;
}

async function lookBefore(
  job: RestoreJob,
  snapshot: string | undefined,
  before: Date | undefined,
): Promise<Look> {
  const look = await lookAt(job, snapshot);
  if (look.kind !== "found" || snapshot !== undefined) return look;
  const chosen = chosenSnapshot(look, before);
  if (!chosen) return { kind: "none" };
  return chosen.id === look.snapshot.id ? look : lookAt(job, chosen.id);
}

/** @throws HostError HL-RESTORE when a person has to say more before this is done */
function refuseUnsafe(host: HostName, plan: HostPlan, options: RestoreHostOptions): void {
  const room = hostRoomProblem(plan);
  if (room !== undefined) throw nothingDone(host, room);
  // The last one: a time from before the others would take back what was well until this one.
  const last = plan.anew.toSorted((one, other) => other.born.getTime() - one.born.getTime())[0];
  if (last && options.before === undefined) {
    const what = plan.anew.map(({ source, born }) => `${source} (${moment(born)})`).join(", ");
    throw nothingDone(
      host,
      `there are copies from before these were made anew, and the newest are from after that: ${what}. Say which you mean: --before ${last.born.toISOString()} for what they held before, --before now for the newest`,
    );
  }
  const newer = newerPlaces(plan);
  if (newer.length > 0 && !options.replaceNewer) {
    const what = newer.map(({ place, snapshot }) => `${place.source} (${snapshotText(snapshot)})`);
    throw nothingDone(
      host,
      `what is there was written to after the copies were made, and would go back to them: ${what.join(", ")}. If that is meant, repeat with --replace-newer; what is there is kept aside`,
    );
  }
}

/** Who runs and writes to the places of a step, or uses its database. */
function runningUsers({ places }: HostStep): string[] {
  return places.flatMap(({ writers }) => writers);
}

/** The same, whether they run or not: an earlier attempt may have left them stopped. */
function usersOf(step: HostStep, { services }: HostDeclaration): string[] {
  const sources = step.places.map(({ source }) => source);
  const writers = services.filter((service) =>
    writtenBy(service).some((source) => sources.includes(source)),
  );
  return [
    ...runningUsers(step),
    ...(step.job.database?.users ?? []),
    ...writers.map(({ name }) => name),
  ];
}

interface Work {
  readonly declaration: HostDeclaration;
  readonly graph: Graph;
  readonly plan: HostPlan;
  /** Who is stopped, in the order in which they start again. */
  readonly names: readonly string[];
  readonly json: boolean;
}

async function carryOut({ declaration, graph, plan, names, json }: Work): Promise<number> {
  const { host } = declaration;
  const reporter = printingReporter(note);
  const stopped = reporter.step("stopping");
  if (names.length > 0) await onHost(host, stopScript(names.toReversed()));
  stopped();
  const outcomes: Outcome[] = [];
  for (const step of plan.steps) {
    const done = reporter.step(step.places.map(({ source }) => source).join(", "));
    const outcome = await attempt(step);
    done(outcome.problem === undefined ? "back" : "NOT BACK");
    outcomes.push(outcome);
  }
  // Whoever came up meanwhile was stopped by the step that it was in the way of.
  const all = inStartOrder(graph, host, [
    ...names,
    ...outcomes.flatMap(({ result }) => result?.stopped ?? []),
  ]);
  const unready = new Set(
    outcomes.flatMap(({ step, problem }) =>
      problem === undefined ? [] : usersOf(step, declaration),
    ),
  );
  const ready = all.filter((name) => !unready.has(name));
  const staying = all.filter((name) => unready.has(name));
  const starts = reporter.step("starting");
  const { back, stays } = plan;
  const begun = { host, back, stays, outcomes, staying };
  let said: string;
  try {
    said = await onHost(host, startScript(starting(graph, host, ready), staying));
  } catch (error) {
    // What is back, and where what was there lies, is known all the same.
    const unstarted = ready.map((name) => `${name}, or nobody heard of it`);
    note(hostDoneText({ ...begun, started: [], unstarted }));
    throw error;
  }
  starts();
  const done = { ...begun, ...parseStarts(said) };
  if (json) printJson(hostRestoredAnswerSchema, hostDoneJson(done));
  else print(hostDoneText(done));
  return isWhole(done) ? 0 : 1;
}

async function attempt(step: HostStep): Promise<Outcome> {
  try {
    return { step, result: await putBack(step, noteBack(step.job, step.snapshot.id)) };
  } catch (error) {
    if (error instanceof HostError) return { step, problem: error.message };
    throw error;
  }
}

/** Stops or starts; who comes to know that it did not work knows how to go on. */
async function onHost(host: HostName, script: string): Promise<string> {
  const goOn = "Repeat the command: it goes on with what is missing, and starts what is stopped";
  let run: ScriptResult;
  try {
    run = await runOnHost(host, script, ORDER_SECONDS);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new HostError("HL-RESTORE-PART", host, `${error.message} ${goOn}`);
  }
  if (run.exitCode === 0) return run.stdout;
  throw new HostError("HL-RESTORE-PART", host, `${lastLine(run.stderr)}. ${goOn}`, run.exitCode);
}

function nothingDone(host: HostName, reason: string): HostError {
  return new HostError("HL-RESTORE", host, `nothing was changed: ${reason}`);
}
