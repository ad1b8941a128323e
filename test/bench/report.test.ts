import { describe, expect, it } from "vitest";
import { goalsOf } from "../../bench/goals.ts";
import { BY_HAND, benchmarkPage } from "../../bench/report.ts";
import type { Results } from "../../bench/results.ts";
import { rotated, summarise } from "../../bench/statistics.ts";

const results: Results = {
  date: "2000-01-01",
  commit: "abc",
  machine: { cores: 4, processor: "made up", memoryGiB: 8, loadBefore: 0.5, kernel: "6.1" },
  versions: { Pulumi: "3.0.0" },
  containers: 36,
  rounds: 3,
  pulumiParallel: 48,
  comparisons: [
    {
      letter: "a",
      baseline: "stacks",
      rows: [
        { id: "pulumi", what: "pulumi", seconds: [30, 20, 25], criticalPathSeconds: [10, 12, 11] },
        { id: "stacks", what: "stacks", seconds: [100, 110, 90], criticalPathSeconds: [9, 9, 9] },
        { id: "merged", what: "merged", seconds: [20, 20, 20], criticalPathSeconds: [9, 9, 9] },
      ],
    },
    {
      letter: "b",
      baseline: "empty",
      rows: [
        { id: "deploy", what: "deploy", seconds: [3, 3, 3] },
        { id: "merged", what: "merged", seconds: [2, 2, 2] },
        { id: "empty", what: "empty", seconds: [1, 1, 1] },
      ],
    },
    {
      letter: "f",
      baseline: "refresh",
      rows: [
        { id: "drift", what: "drift", seconds: [2, 2.5, 9] },
        { id: "refresh", what: "refresh", seconds: [30, 30, 30] },
      ],
    },
  ],
  skipped: { e: "the unit is not installed" },
  absent: [{ name: "Kamal", why: "its registry was away" }],
  breakdowns: [],
  starts: undefined,
  bootProfile: {
    chain: [
      { name: "broker", untilStarted: 1, untilThere: 1.5 },
      { name: "automations", untilStarted: 0.5, untilThere: 3 },
    ],
    processor: { containers: 4, orchestrator: 0.5, engine: 6 },
  },
  planScale: {
    hosts: 30,
    sizes: [500, 1000].map((services) => ({
      services,
      seconds: { declared: services / 10_000, validated: 0.1, planned: 0.2, drawn: 0.3 },
      mebibytes: 14.2,
    })),
  },
  engineScale: {
    sizes: [50, 100].map((containers) => ({
      containers,
      ...{ fromNothing: containers, nothingToDo: 8, preview: 7, boot: 6, stateMebibytes: 1.5 },
    })),
  },
};

describe("the benchmark's statistics", () => {
  it("take the middle value, and the mean of the middle two of an even number", () => {
    expect(summarise([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3, count: 3 });
    expect(summarise([4, 1, 2, 3]).median).toBe(2.5);
  });

  it("refuse to make a number of nothing", () => {
    expect(() => summarise([])).toThrow("nothing was measured");
  });

  it("let another contender begin each round", () => {
    expect([0, 1, 2, 3].map((round) => rotated(["x", "y", "z"], round)[0])).toEqual([
      ...["x", "y", "z", "x"],
    ]);
  });
});

describe("the benchmark's page", () => {
  it("says of each goal whose contenders were measured whether it was met, and nothing of the others", () => {
    expect(goalsOf(results).map(({ text, seen, met }) => [text.slice(0, 3), seen, met])).toEqual([
      ["(a)", 1.25, true],
      ["(b)", 1.5, false],
      ["(f)", 2.5, true],
      ["(g)", expect.closeTo(0.7), true],
    ]);
  });

  it("names who could not be measured, and why", () => {
    expect(benchmarkPage(results, undefined)).toContain("- Kamal: its registry was away");
  });

  it("names the machine, shows medians with their range, and what was left out", () => {
    const page = benchmarkPage(results, undefined);
    expect(page).toContain("Machine: 4 cores (made up), 8 GiB of memory");
    expect(page).toContain("| pulumi | 25.0 s | 20.0 to 30.0 | 0.25 | 11.0 s | 2.27 |");
    expect(page).toContain("(e) was not measured: the unit is not installed.");
  });

  it("says how many times the size before it each size costs", () => {
    const page = benchmarkPage(results, undefined);
    expect(page).toContain("| 1000 | 0.10 s | 0.10 s | 0.20 s | 0.30 s | 0.70 s | 1.08 | 14 MiB |");
    expect(page).toContain("| 100 | 100.0 s | 2.00 | 8.0 s | 1.00 | 7.0 s | 1.00 | 6.0 s | 1.00 |");
  });

  it("says of a boot which chain ended last, link by link, and whose processor time it was", () => {
    const page = benchmarkPage(results, undefined);
    expect(page).toContain(
      "| broker | 1.0 s | 1.5 s | 2.5 s |\n| automations | 0.5 s | 3.0 s | 6.0 s |",
    );
    expect(page).toContain("of 10.5 s of processor time 4.0 s");
  });

  it("says so when the machine was busy", () => {
    const busy = { ...results, machine: { ...results.machine, loadBefore: 5 } };
    expect(benchmarkPage(results, undefined)).not.toContain("not idle");
    expect(benchmarkPage(busy, undefined)).toContain("It was not idle");
  });

  it("keeps the part that a person wrote", () => {
    const before = `# Benchmarks\n\nold numbers\n\n${BY_HAND}\n\nA thing, and what came of it.\n`;
    const page = benchmarkPage(results, before);
    expect(page).not.toContain("old numbers");
    expect(page.endsWith(`${BY_HAND}\n\nA thing, and what came of it.\n`)).toBe(true);
  });
});
