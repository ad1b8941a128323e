// (a) everything from nothing, and (b) the same command again with nothing to do. One loop for
// both: what (b) repeats is what (a) has just brought up.
import { setTimeout as sleep } from "node:timers/promises";
import { step, type Reporter } from "../sandbox/reporter.ts";
import { sshConfigPath } from "../sandbox/ssh.ts";
import { runPulumi, type PulumiRun } from "../workspace/pulumi-events.ts";
import { firstLines } from "./command.ts";
import type { Compose } from "./compose.ts";
import { levelTimes, measuredCriticalPath, startLags } from "./critical-path.ts";
import { allHealthyAt, recordMoments, startTimes, type StartTime } from "../hosts/engine-events.ts";
import { PULUMI_UP, type Contender } from "./contenders.ts";
import type { EmptyProgram } from "./empty-program.ts";
import { HOST, removeContainers, requireAllHealthy, type Lab } from "./lab.ts";
import type { Absent, Breakdown, Comparison, StartReport } from "./results.ts";
import { rotated, summarise } from "./statistics.ts";
import { firstContainerAsked, whereTimeGoes } from "./where-time-goes.ts";

/** What a loop of measurements is run with. */
export interface Bench {
  readonly lab: Lab;
  readonly compose: Compose;
  readonly empty: EmptyProgram;
  readonly rounds: number;
  /** Who brings the containers up; see contenders.ts. */
  readonly contenders: readonly Contender[];
  /** Pause before each timed command, so that what was removed has gone. */
  readonly settleSeconds: number;
  readonly reporter: Reporter;
}

/** What the loop found. */
export interface UpResults {
  readonly fromNothing: Comparison;
  readonly nothingToDo: Comparison;
  /** Contenders that failed, and are in neither. */
  readonly absent: readonly Absent[];
  readonly breakdowns: readonly Breakdown[];
  readonly starts: StartReport | undefined;
}

/** One timed `up` from nothing. */
interface TimedUp {
  readonly seconds: number;
  readonly run: PulumiRun | undefined;
  readonly times: ReadonlyMap<string, StartTime>;
}

/** A contender with its times, one of each a round. */
interface Lane extends Contender {
  readonly first: number[];
  readonly second: number[];
  readonly paths: number[];
}

/** Runs the rounds. Ends with containers of whichever contender came last. */
export async function measureUps(bench: Bench): Promise<UpResults> {
  const { lab, empty } = bench;
  const lanes = new Map(
    bench.contenders.map((one): [string, Lane] => [
      one.id,
      { ...one, first: [], second: [], paths: [] },
    ]),
  );
  const emptyUps: number[] = [];
  const breakdowns: Breakdown[] = [];
  const absent: Absent[] = [];
  let last: TimedUp | undefined;
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const one of rotated([...lanes.values()], round)) {
      const both = await bothUps(bench, one, round).catch((error: unknown) => {
        if (!one.fromOutside) throw error;
        absent.push({ name: one.id, why: firstLines(error) });
        lanes.delete(one.id);
        return undefined;
      });
      if (!both) continue;
      const { timed, again } = both;
      one.first.push(timed.seconds);
      one.paths.push(measuredCriticalPath(lab.graph, HOST, timed.times).seconds);
      one.second.push(again.seconds);
      if (timed.run && again.run && round === bench.rounds - 1) {
        last = timed;
        breakdowns.push(breakdown(`${one.what}, from nothing`, timed.run));
        breakdowns.push(breakdown(`${one.again}, nothing to do`, again.run));
      }
    }
    emptyUps.push((await runPulumi(empty.env, [...PULUMI_UP, "--stack", "empty"])).seconds);
  }
  const all = [...lanes.values()];
  return {
    fromNothing: {
      letter: "a",
      baseline: "merged",
      rows: all.map(({ id, what, first, paths }) => ({
        ...{ id, what, seconds: first },
        criticalPathSeconds: paths,
      })),
    },
    nothingToDo: {
      letter: "b",
      baseline: "empty",
      rows: [
        ...all.map(({ id, again, second }) => ({ id, what: again, seconds: second })),
        { id: "empty", what: "`pulumi up` of an empty program", seconds: emptyUps },
      ],
    },
    absent,
    breakdowns,
    starts: last && startReport(lab, last),
  };
}

function bothUps(bench: Bench, one: Contender, round: number) {
  return step(
    bench.reporter,
    `round ${round + 1}: ${one.what}, from nothing and again`,
    async () => ({ timed: await timedUp(bench, one), again: await timedWork(one.up) }),
    ({ timed, again }) => `${timed.seconds.toFixed(1)} s, then ${again.seconds.toFixed(1)} s`,
  );
}

async function timedUp(bench: Bench, contender: Contender): Promise<TimedUp> {
  const { lab } = bench;
  await removeContainers(lab);
  await sleep(bench.settleSeconds * 1000);
  const recording = recordMoments(sshConfigPath(lab.settings.folder), HOST);
  const since = Date.now();
  try {
    const work = await timedWork(contender.up);
    const times = startTimes(await recording.stop(), since);
    await requireAllHealthy(lab);
    return { ...work, times };
  } catch (error) {
    await recording.stop();
    throw error;
  }
}

/** Runs something and takes the time. */
export async function timedWork<T>(
  work: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly run: T }> {
  const begin = performance.now();
  const run = await work();
  return { seconds: (performance.now() - begin) / 1000, run };
}

/** Where the time of a run with events went. */
export function breakdown(command: string, run: PulumiRun): Breakdown {
  return { command, seconds: run.seconds, shares: whereTimeGoes(run.events, run.seconds) };
}

function startReport(lab: Lab, { run, times }: TimedUp): StartReport | undefined {
  if (times.size === 0) return undefined;
  const path = measuredCriticalPath(lab.graph, HOST, times);
  const lags = [...startLags(lab.graph, HOST, times)].sort(([, a], [, b]) => b - a);
  const lag = summarise(lags.map(([, seconds]) => seconds));
  return {
    criticalPath: path.path.map((id) => id.slice(HOST.length + 1)),
    criticalPathSeconds: path.seconds,
    firstAsked: firstContainerAsked(run?.events ?? []),
    firstStarted: Math.min(...[...times.values()].map(({ started }) => started)),
    allHealthy: allHealthyAt(times),
    lag: { median: lag.median, most: lag.most, latest: lags[0]?.[0] ?? "" },
    levels: levelTimes(lab.graph, HOST, times),
  };
}
