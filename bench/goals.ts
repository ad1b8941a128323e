import type { Comparison, Letter, Results } from "./results.ts";
import { wholePlan } from "./report-scale.ts";
import { summarise } from "./statistics.ts";

/** A goal, and how near it came. */
export interface Goal {
  readonly text: string;
  /** Ratio of two medians, or with `unit` a median. */
  readonly seen: number;
  /** The most that meets it. */
  readonly limit: number;
  /** Of `seen` and `limit`. @default none: they are ratios */
  readonly unit?: "s";
  readonly met: boolean;
}

/** What is wanted of one measurement. */
interface Wanted extends Pick<Goal, "text" | "limit" | "unit"> {
  readonly letter: Letter;
  /** Id of the row that is judged. */
  readonly of: string;
  /** Id of the row beside which it is. @default the critical path of its own rounds, or with `unit` nothing */
  readonly beside?: string;
}

/** The goals that this run can speak of, each with what was seen. */
export function goalsOf(results: Results): Goal[] {
  return [...GOALS.flatMap((wanted) => goalOf(wanted, results)), ...planGoal(results)];
}

function goalOf({ letter, of, beside, ...goal }: Wanted, results: Results): Goal[] {
  const comparison = results.comparisons.find((one) => one.letter === letter);
  // The short form leaves some out, and a contender may not have been had.
  const has = (id: string) => comparison?.rows.some((row) => row.id === id) === true;
  if (!comparison || !has(of) || (beside !== undefined && !has(beside))) return [];
  const seen = median(comparison, of) / besideOf(comparison, of, beside, goal.unit);
  return [{ ...goal, seen, met: seen <= goal.limit }];
}

/** The size that has to be planned quickly, and in how many seconds. */
const PLANNED = { services: 1000, limit: 1 } as const;

function planGoal({ planScale }: Results): Goal[] {
  const size = planScale?.sizes.find(({ services }) => services === PLANNED.services);
  if (!size) return [];
  const seen = wholePlan(size);
  const text = `(g) ${PLANNED.services} services declared, validated, planned and drawn`;
  return [{ text, limit: PLANNED.limit, unit: "s", seen, met: seen <= PLANNED.limit }];
}

const GOALS: readonly Wanted[] = [
  {
    letter: "a",
    text: "(a) `pulumi up` beside the hand-merged project",
    limit: 1.5,
    of: "pulumi",
    beside: "merged",
  },
  {
    letter: "b",
    text: "(b) `homelab deploy` beside the merged project again",
    limit: 1,
    of: "deploy",
    beside: "merged",
  },
  {
    letter: "b",
    text: "(b) `pulumi up` beside the empty program",
    limit: 6,
    of: "pulumi",
    beside: "empty",
  },
  {
    letter: "c",
    text: "(c) `preview --refresh=false` beside the empty program",
    limit: 2.5,
    of: "pulumi",
    beside: "empty",
  },
  {
    letter: "d",
    text: "(d) `preview` beside the empty program",
    limit: 4,
    of: "pulumi",
    beside: "empty",
  },
  {
    letter: "e",
    text: "(e) the boot orchestrator beside the graph's critical path",
    limit: 1.2,
    of: "orchestrator",
  },
  { letter: "f", text: "(f) `homelab drift` of all hosts", limit: 3, unit: "s", of: "drift" },
];

/** What the row's median is divided by. */
function besideOf(
  comparison: Comparison,
  of: string,
  beside: string | undefined,
  unit: Goal["unit"] | undefined,
): number {
  if (unit !== undefined) return 1;
  if (beside !== undefined) return median(comparison, beside);
  return summarise(rowOf(comparison, of).criticalPathSeconds ?? []).median;
}

function median(comparison: Comparison, id: string): number {
  return summarise(rowOf(comparison, id).seconds).median;
}

function rowOf(comparison: Comparison, id: string) {
  const row = comparison.rows.find((one) => one.id === id);
  if (!row) throw new Error(`(${comparison.letter}) has no row "${id}"`);
  return row;
}
