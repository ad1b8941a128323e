// What becomes of data when an image changes, by what its contract says of its versions.
import type { DataRule, ImageContract } from "../../model/image-contract.ts";

/**
 * none: every version opens it; one-way: the newer brings it forward, and the older then cannot open
 * it; back: it may have been brought forward already; closed: neither opens what the other wrote.
 */
export type DataChange = "none" | "one-way" | "back" | "closed";

/** Numbers of a version that have to be the same, so that an older one opens what a newer one wrote. */
const EQUAL_NUMBERS: Readonly<Record<DataRule["olderOpens"], number>> = {
  always: 0,
  "same-major": 1,
  "same-minor": 2,
  never: Infinity,
};

/**
 * What a change from one tag to another means for the data. A rule that nobody read counts as
 * one-way; an image without a rule keeps nothing that a job copies.
 */
export function dataChange(
  contract: ImageContract | undefined,
  from: string,
  to: string,
): DataChange {
  if (contract?.data === undefined) return "none";
  const rule = contract.data.value;
  if (rule === undefined) return "one-way";
  const [before, after] = [numbersOf(from), numbersOf(to)];
  const equal = EQUAL_NUMBERS[rule.olderOpens];
  const isSame = Array.from({
    length: Math.min(equal, Math.max(before.length, after.length)),
  }).every((_, index) => (before[index] ?? 0) === (after[index] ?? 0));
  if (isSame) return "none";
  if (!rule.newerOpens) return "closed";
  const first = after.findIndex((number, index) => number !== (before[index] ?? 0));
  return (after[first] ?? 0) < (before[first] ?? 0) ? "back" : "one-way";
}

/** The version in a tag, as the guard before a change reads it: "17-alpine" is 17. */
function numbersOf(tag: string): number[] {
  const version = tag.replace(/^\D*/, "").replace(/[^0-9.].*$/, "");
  return version.split(".").filter(Boolean).map(Number);
}
