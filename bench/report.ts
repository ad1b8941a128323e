// The page docs/benchmarks.md, made of a run's results and nothing else.
import { bootText } from "./report-boot.ts";
import { goalsOf } from "./goals.ts";
import { markdownTable, seconds } from "./markdown.ts";
import {
  MEASUREMENTS,
  type Breakdown,
  type Comparison,
  type Letter,
  type Results,
  type StartReport,
} from "./results.ts";
import { scaleTexts } from "./report-scale.ts";
import { summarise } from "./statistics.ts";

/** Begins the part of the page that a person writes; a new run keeps it. */
export const BY_HAND = "## What was tried";

/** Load for each core above which others were at work. */
const IDLE_LOAD = 0.5;

/** A share of a run below this is not listed. */
const LEAST_SHARE_SECONDS = 0.05;

/**
 * The page.
 * @param before the page as it is, whose part written by hand is kept; undefined when there is none
 */
export function benchmarkPage(results: Results, before: string | undefined): string {
  const kept = before?.includes(BY_HAND) === true ? before.slice(before.indexOf(BY_HAND)) : "";
  const parts = [
    "# Benchmarks",
    "Written by `make bench`; the last part is by hand.",
    machineText(results),
    "## Results",
    "Seconds are medians, with the least and the most. The critical path is the least that the order allows with the start times seen in the same rounds.",
    ...results.comparisons.map((one) => comparisonText(one)),
    ...scaleTexts(results),
    ...skippedText(results),
    ...absentText(results),
    ...(goalsOf(results).length > 0 ? ["## Goals", goalsText(results)] : []),
    ...(results.breakdowns.length > 0 ? ["## Where the time goes"] : []),
    ...results.breakdowns.map(breakdownText),
    ...(results.starts ? [startsText(results.starts)] : []),
    ...(results.bootProfile ? [bootText(results.bootProfile)] : []),
    "## How it was run",
    howText(results),
    kept.trimEnd(),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function machineText({ machine, versions, date, commit, rounds }: Results): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const busy = machine.loadBefore > machine.cores * IDLE_LOAD;
  const care = busy ? " It was not idle: the numbers are worth little." : "";
  return [
    `Machine: ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB.toFixed(0)} GiB of memory, Linux ${machine.kernel}; load before the run ${machine.loadBefore.toFixed(2)}.${care}`,
    `Run: ${date}, commit ${commit}, ${rounds} ${rounds === 1 ? "round" : "rounds"}; ${programs.join(", ")}.`,
  ].join("\n");
}

function comparisonText({ letter, baseline, rows }: Comparison): string {
  const base = rows.find(({ id }) => id === baseline);
  const baseMedian = summarise(base?.seconds ?? []).median;
  const withPath = rows.some(({ criticalPathSeconds }) => criticalPathSeconds !== undefined);
  const withShare = rows.some(({ processorShare }) => processorShare !== undefined);
  const header = ["", "median", "least to most", "ratio"];
  const table = markdownTable(
    [
      ...header,
      ...(withPath ? ["critical path", "times the path"] : []),
      ...(withShare ? ["processors in use"] : []),
    ],
    rows.map((row) => {
      const { median, least, most } = summarise(row.seconds);
      const cells = [
        row.what,
        seconds(median),
        `${least.toFixed(1)} to ${most.toFixed(1)}`,
        (median / baseMedian).toFixed(2),
      ];
      const path = row.criticalPathSeconds && summarise(row.criticalPathSeconds).median;
      const share = row.processorShare && summarise(row.processorShare).median;
      if (withPath) cells.push(...(path ? [seconds(path), (median / path).toFixed(2)] : ["", ""]));
      if (withShare) cells.push(share === undefined ? "" : `${(share * 100).toFixed(0)} %`);
      return cells;
    }),
  );
  return `### (${letter}) ${MEASUREMENTS[letter]}\n\n${table}`;
}

function skippedText({ skipped }: Results): string[] {
  return (Object.entries(skipped) as [Letter, string][]).map(
    ([letter, reason]) => `(${letter}) was not measured: ${reason}.`,
  );
}

function absentText({ absent }: Results): string[] {
  if (absent.length === 0) return [];
  const lines = absent.map(({ name, why }) => `- ${name}: ${why}`);
  return [`Who could not be measured beside them:\n\n${lines.join("\n")}`];
}

function goalsText(results: Results): string {
  return markdownTable(
    ["goal", "wanted", "seen", "met"],
    goalsOf(results).map(({ text, limit, seen, unit, met }) => [
      text,
      unit === undefined ? `at most ${limit}` : `at most ${limit} ${unit}`,
      unit === undefined ? seen.toFixed(2) : `${seen.toFixed(2)} ${unit}`,
      met ? "yes" : "no",
    ]),
  );
}

function breakdownText({ command, seconds: whole, shares }: Breakdown): string {
  const rows = shares
    .filter(({ inFlight }) => inFlight >= LEAST_SHARE_SECONDS)
    .map(({ activity, inFlight, alone }) => [activity, seconds(inFlight), seconds(alone)]);
  const table = markdownTable(["", "in flight", "alone in flight"], rows);
  return `${command}, ${seconds(whole)}, the last round:\n\n${table}`;
}

function startsText(starts: StartReport): string {
  const { lag, levels } = starts;
  const asked =
    starts.firstAsked === undefined
      ? ""
      : `The first container was asked for after ${seconds(starts.firstAsked)}; `;
  const text = `${asked}${asked ? "the first" : "The first"} started after ${seconds(starts.firstStarted)}, and all were healthy after ${seconds(starts.allHealthy)}. A container started ${seconds(lag.median)} (median; at most ${seconds(lag.most)}, ${lag.latest}) after the last thing it waits for was there. Critical path, ${seconds(starts.criticalPathSeconds)}: ${starts.criticalPath.join(", then ")}.`;
  const table = markdownTable(
    ["level of the graph", "services", "first start", "last start", "last healthy", "which"],
    levels.map((one) => [
      String(one.level),
      String(one.services),
      seconds(one.firstStarted),
      seconds(one.lastStarted),
      seconds(one.lastHealthy),
      one.last,
    ]),
  );
  return `${text}\n\n${table}`;
}

function howText({ containers, rounds, pulumiParallel }: Results): string {
  return `\`make bench\`: one sandbox, one engine (its Docker VM), one run, the contenders in turn, ${rounds === 1 ? "once" : `${rounds} times, each time beginning with another one`}. "From nothing" means: no containers and no networks, images present, volumes kept; the ${containers} containers are the declared ones, for Compose as files generated from the same declarations (same digests, limits, capabilities, health checks, files, volumes and names). Pulumi runs on the user's side over ssh, with PULUMI_PARALLEL=${pulumiParallel}; Compose runs on the Docker VM itself. Ansible and OpenTofu run on the user's side too, Ansible with the same merged project and Compose on the Docker VM. What came from a registry is in \`bench/locks\` and \`toolchain/contenders\`. Boot is measured on containers made by Compose, for both ways the same ones, from the moment in which all are stopped. The documented way is the script of the deployment-order page, run once.`;
}
