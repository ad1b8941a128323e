// (a) everything from nothing, and (b) the same command again with nothing to do. One loop for
// both: what (b) repeats is what (a) has just brought up.
import { setTimeout as sleep } from "node:timers/promises";
import { step, type Reporter } from "../sandbox/reporter.ts";
import { sshConfigPath } from "../sandbox/ssh.ts";
import { runPulumi, type PulumiRun } from "../workspace/pulumi-events.ts";
import type { Compose } from "./compose.ts";
import { levelTimes, measuredCriticalPath, startLags } from "./critical-path.ts";
import { allHealthyAt, recordMoments, startTimes, type StartTime } from "../hosts/engine-events.ts";
import type { EmptyProgram } from "./empty-program.ts";
import { HOST, removeContainers, requireAllHealthy, type Lab } from "./lab.ts";
import type { Breakdown, Comparison, StartReport } from "./results.ts";
import { rotated, summarise } from "./statistics.ts";
import { firstContainerAsked, whereTimeGoes } from "./where-time-goes.ts";

/** What a loop of measurements is run with. */
export interface Bench {
  readonly lab: Lab;
  readonly compose: Compose;
  readonly empty: EmptyProgram;
  readonly rounds: number;
  /** Beside the merged project alone, and nothing else of Compose. */
  readonly short: boolean;
  /** Pause before each timed command, so that what was removed has gone. */
  readonly settleSeconds: number;
  readonly reporter: Reporter;
}

/** What the loop found. */
export interface UpResults {
  readonly fromNothing: Comparison;
  readonly nothingToDo: Comparison;
  readonly breakdowns: readonly Breakdown[];
  readonly starts: StartReport | undefined;
}

const UP = ["up", "--yes", "--skip-preview"];

/** A contender: how it brings everything up, and the same again. */
interface Contender {
  readonly id: string;
  readonly what: string;
  readonly again: string;
  readonly up: () => Promise<PulumiRun | undefined>;
  readonly first: number[];
  readonly second: number[];
  readonly paths: number[];
}

/** One timed `up` from nothing. */
interface TimedUp {
  readonly seconds: number;
  readonly run: PulumiRun | undefined;
  readonly times: ReadonlyMap<string, StartTime>;
}

/** Runs the rounds. Ends with containers of whichever contender came last. */
export async function measureUps(bench: Bench): Promise<UpResults> {
  const { lab, empty } = bench;
  const all = contenders(bench);
  const emptyUps: number[] = [];
  const breakdowns: Breakdown[] = [];
  let last: TimedUp | undefined;
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const one of rotated(all, round)) {
      const { timed, again } = await step(
        bench.reporter,
        `round ${round + 1}: ${one.what}, from nothing and again`,
        async () => ({ timed: await timedUp(bench, one), again: await timedWork(one.up) }),
        (both) => `${both.timed.seconds.toFixed(1)} s, then ${both.again.seconds.toFixed(1)} s`,
      );
      one.first.push(timed.seconds);
      one.paths.push(measuredCriticalPath(lab.graph, HOST, timed.times).seconds);
      one.second.push(again.seconds);
      if (timed.run && again.run && round === bench.rounds - 1) {
        last = timed;
        breakdowns.push(breakdown(`${one.what}, from nothing`, timed.run));
        breakdowns.push(breakdown(`${one.what}, nothing to do`, again.run));
      }
    }
    emptyUps.push((await runPulumi(empty.env, [...UP, "--stack", "empty"])).seconds);
  }
  return {
    fromNothing: {
      letter: "a",
      baseline: bench.short ? "merged" : "stacks",
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
    breakdowns,
    starts: last && startReport(lab, last),
  };
}

function contenders({ lab, compose, short }: Bench): Contender[] {
  const command = `pulumi up -s ${HOST}`;
  const none = (work: () => Promise<void>) => () => work().then(() => undefined);
  const lists = () => ({ first: [], second: [], paths: [] });
  const all = [
    {
      id: "pulumi",
      what: `\`${command}\``,
      again: `\`${command}\``,
      up: () => runPulumi(lab.env, [...UP, "--stack", HOST, "--json"]),
      ...lists(),
    },
    {
      id: "stacks",
      what: "Compose, stack by stack with `up -d --wait`",
      again: "Compose, every stack again",
      up: none(compose.stackByStack),
      ...lists(),
    },
    {
      id: "merged",
      what: "Compose, one hand-merged project with `up -d --wait`",
      again: "Compose, the merged project again",
      up: none(compose.merged),
      ...lists(),
    },
  ];
  // Pulumi last, so that its containers are the ones that stay.
  return short ? all.filter(({ id }) => id !== "stacks").reverse() : all;
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
