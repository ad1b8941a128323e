// `make bench`: measures, prints, and writes docs/benchmarks.md.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { printingReporter } from "../cli/progress.ts";
import { runPulumi } from "../workspace/pulumi-events.ts";
import type { BootProfile } from "./boot-profile.ts";
import { countOf, runCommand } from "./command.ts";
import { installCompose } from "./compose.ts";
import { makeEmptyProgram } from "./empty-program.ts";
import { HOST, openLab, projectFile, PULUMI_PARALLEL, removeContainers, type Lab } from "./lab.ts";
import { commitOf, describeMachine, versionsOf } from "./machine.ts";
import { measureBoot } from "./measure-boot.ts";
import { contendersOf } from "./contenders.ts";
import { CROWDS, measureCrowd } from "./measure-crowd.ts";
import { measureDrift } from "./measure-drift.ts";
import { measurePlan } from "./measure-plan.ts";
import { measurePreviews } from "./measure-previews.ts";
import { measureUps, type Bench } from "./measure-ups.ts";
import { installOutside, NOBODY_FROM_OUTSIDE, type Outside } from "./outside.ts";
import { benchmarkPage } from "./report.ts";
import {
  MEASUREMENTS,
  type Breakdown,
  type Comparison,
  type Letter,
  type Machine,
  type Results,
  type StartReport,
} from "./results.ts";

const LETTERS = Object.keys(MEASUREMENTS) as Letter[];

/** Of the short form: what CI has time for. */
const SHORT: readonly Letter[] = ["a", "b", "c"];

/** Pause before each timed command. */
const SETTLE_SECONDS = 5;

interface Options {
  readonly only?: readonly Letter[];
  readonly rounds: number;
  readonly containers: readonly number[];
  readonly short?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv);
  const reporter = printingReporter((line) => process.stderr.write(`${line}\n`));
  const machine = describeMachine();
  const lab = await openLab(reporter);
  const compose = await installCompose(lab);
  const empty = await makeEmptyProgram(lab.env, await projectFile(lab));
  const short = options.short === true;
  const rounds = short ? 1 : options.rounds;
  const letters = options.only ?? (short ? SHORT : LETTERS);
  const ups = letters.includes("a") || letters.includes("b");
  const outside =
    ups && !short ? await installOutside(lab, compose, reporter) : NOBODY_FROM_OUTSIDE;
  const contenders = contendersOf({ lab, compose, short, outside: outside.contenders });
  const bench = {
    lab,
    compose,
    empty,
    rounds,
    contenders,
    settleSeconds: SETTLE_SECONDS,
    reporter,
  };
  try {
    const results = await measure(
      { ...bench, containers: options.containers },
      letters,
      machine,
      outside,
    );
    await show(results, options, lab.settings.checkout);
  } finally {
    await empty.remove();
    await outside.remove();
    await compose.remove();
    if (!short) await restore(lab);
  }
}

async function measure(
  bench: Bench & Pick<Options, "containers">,
  only: readonly Letter[],
  machine: Machine,
  outside: Outside,
): Promise<Results> {
  const { lab, compose } = bench;
  const wanted = (...letters: Letter[]) => letters.some((letter) => only.includes(letter));
  const comparisons: Comparison[] = [];
  const breakdowns: Breakdown[] = [];
  const skipped: Partial<Record<Letter, string>> = {};
  const absent = [...outside.absent];
  let starts: StartReport | undefined;
  let bootProfile: BootProfile | undefined;
  const planScale = wanted("g") ? await measurePlan(bench.rounds, bench.reporter) : undefined;
  // Previews first: what they look at is deployed now.
  for (const letter of ["c", "d"] as const) {
    if (!wanted(letter)) continue;
    const previews = await measurePreviews(bench, letter);
    comparisons.push(previews.comparison);
    breakdowns.push(...previews.breakdowns);
  }
  if (wanted("f")) comparisons.push(await measureDrift(bench));
  if (wanted("a", "b")) {
    const ups = await measureUps(bench);
    if (wanted("a")) comparisons.push(ups.fromNothing);
    if (wanted("b")) comparisons.push(ups.nothingToDo);
    breakdowns.unshift(...ups.breakdowns);
    absent.push(...ups.absent);
    starts = ups.starts;
  }
  if (wanted("e")) {
    const boot = await measureBoot(bench);
    if ("skip" in boot) skipped.e = boot.skip;
    else {
      comparisons.push(boot.comparison);
      bootProfile = boot.profile;
    }
  }
  // Last: its containers are nobody else's.
  const engineScale = wanted("h") ? await measureCrowd(bench, bench.containers) : undefined;
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: await commitOf(lab.settings.checkout),
    machine,
    versions: { ...(await versionsOf(lab, compose.version)), ...outside.versions },
    containers: lab.host.services.length,
    rounds: bench.rounds,
    pulumiParallel: PULUMI_PARALLEL,
    comparisons: comparisons.sort((a, b) => a.letter.localeCompare(b.letter)),
    skipped,
    absent,
    breakdowns,
    starts,
    bootProfile,
    planScale,
    engineScale,
  };
}

/** A whole run goes to the docs; a part of one, or a short one, only where it is told to. */
async function show(results: Results, options: Options, checkout: string): Promise<void> {
  const whole = options.short !== true && LETTERS.every((letter) => measured(results, letter));
  const file = options.out ?? (whole ? join(checkout, "docs", "benchmarks.md") : undefined);
  const before = file && (await readFile(file, "utf8").catch(() => undefined));
  const page = benchmarkPage(results, before);
  process.stdout.write(options.json === true ? `${JSON.stringify(results, undefined, 2)}\n` : page);
  if (file === undefined) return;
  await writeFile(file, page);
  process.stderr.write(`written to ${file}\n`);
}

function measured({ comparisons, planScale, engineScale }: Results, letter: Letter): boolean {
  if (letter === "g") return planScale !== undefined;
  if (letter === "h") return engineScale !== undefined;
  return comparisons.some((one) => one.letter === letter);
}

/** The machine as it was: Pulumi's containers, and nothing of Compose. */
async function restore(lab: Lab): Promise<void> {
  await removeContainers(lab);
  await runPulumi(lab.env, ["up", "--yes", "--skip-preview", "--stack", HOST]);
}

function readOptions(argv: readonly string[]): Options {
  return new Command("bench")
    .description("measures the Docker VM in the sandbox beside Docker Compose; needs root")
    .option("--only <letters>", `some of ${LETTERS.join(",")}`, lettersOf)
    .addOption(
      new Option("--rounds <n>", "measure everything n times")
        .env("HOMELAB_BENCH_ROUNDS")
        .argParser(countOf)
        .default(3),
    )
    .addOption(
      new Option("--containers <counts>", "containers on the one engine of h, in rising order")
        .env("HOMELAB_BENCH_CONTAINERS")
        .argParser((text) => text.split(",").map(countOf))
        .default(CROWDS),
    )
    .option("--short", `one round of ${SHORT.join(",")} beside the merged project; writes no docs`)
    .option("--json", "print the results for programs")
    .option("--out <file>", "write the page there")
    .parse([...argv])
    .opts<Options>();
}

function lettersOf(text: string): Letter[] {
  return text.split(",").map((word) => {
    const letter = LETTERS.find((one) => one === word);
    if (letter === undefined) throw new InvalidArgumentError(`choose from ${LETTERS.join(",")}`);
    return letter;
  });
}

runCommand("bench", main);
