import type { Comparison, Results } from "./results.ts";
import { summarise } from "./statistics.ts";

/** A goal, and how near it came. */
export interface Goal {
  readonly text: string;
  /** Ratio of two medians. */
  readonly seen: number;
  /** "at most" or "at least". */
  readonly sense: "at most" | "at least";
  readonly limit: number;
  readonly met: boolean;
}

/** The goals that this run can speak of, each with what was seen. */
export function goalsOf(results: Results): Goal[] {
  return GOALS.flatMap(({ letter, text, sense, limit, beside, ratio }): Goal[] => {
    const comparison = results.comparisons.find((one) => one.letter === letter);
    // The short form leaves some out.
    if (!comparison?.rows.some(({ id }) => id === beside)) return [];
    const seen = ratio(comparison);
    const met = sense === "at most" ? seen <= limit : seen >= limit;
    return [{ text, sense, limit, seen, met }];
  });
}

const GOALS = [
  {
    letter: "a",
    text: "(a) `pulumi up` beside Compose stack by stack",
    sense: "at most",
    limit: 0.4,
    beside: "stacks",
    ratio: (one: Comparison) => median(one, "pulumi") / median(one, "stacks"),
  },
  {
    letter: "a",
    text: "(a) `pulumi up` beside the hand-merged project",
    sense: "at most",
    limit: 1,
    beside: "merged",
    ratio: (one: Comparison) => median(one, "pulumi") / median(one, "merged"),
  },
  {
    letter: "c",
    text: "(c) `preview` beside the empty program",
    sense: "at most",
    limit: 3,
    beside: "empty",
    ratio: (one: Comparison) => median(one, "pulumi") / median(one, "empty"),
  },
  {
    letter: "e",
    text: "(e) the boot orchestrator beside the graph's critical path",
    sense: "at most",
    limit: 1.2,
    beside: "orchestrator",
    ratio: (one: Comparison) => median(one, "orchestrator") / criticalPath(one, "orchestrator"),
  },
  {
    letter: "e",
    text: "(e) the documented way beside the boot orchestrator",
    sense: "at least",
    limit: 3,
    beside: "documented",
    ratio: (one: Comparison) => median(one, "documented") / median(one, "orchestrator"),
  },
] as const;

function median(comparison: Comparison, id: string): number {
  return summarise(rowOf(comparison, id).seconds).median;
}

function criticalPath(comparison: Comparison, id: string): number {
  return summarise(rowOf(comparison, id).criticalPathSeconds ?? []).median;
}

function rowOf(comparison: Comparison, id: string) {
  const row = comparison.rows.find((one) => one.id === id);
  if (!row) throw new Error(`(${comparison.letter}) has no row "${id}"`);
  return row;
}
