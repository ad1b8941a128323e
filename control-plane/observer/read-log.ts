// Reads the log back. Nothing in it can keep the Observer from starting: what is no line is counted.
import type { LogLine } from "../contract/log-line.ts";
import type { ObserverHealth } from "../contract/observer-health.ts";
import type { Disk } from "./disk.ts";
import type { Facts, OwnRecords } from "../fold/facts.ts";
import { foldOn } from "../fold/fold.ts";
import { lineIn } from "../fold/record.ts";
import { segmentPath, type Segment } from "./segments.ts";

/** What became of the lines. */
export type ReadCounts = ObserverHealth["read"];

const LINE_END = 0x0a;

/**
 * Folds all lines that follow what is known.
 * @param segments the files of the log in order
 */
export async function readLog(
  disk: Disk,
  events: string,
  segments: readonly Segment[],
  known: Facts,
): Promise<{ readonly facts: Facts; readonly counts: ReadCounts }> {
  const counts = { lines: 0, torn: 0, garbage: 0, duplicates: 0, missing: 0 };
  let facts = known;
  const records: OwnRecords = new WeakSet();
  const take = (line: LogLine): void => {
    if (line.sequence <= facts.sequence) {
      // What the known facts hold was read when they were made.
      if (line.sequence > known.sequence) counts.duplicates += 1;
      return;
    }
    counts.missing += line.sequence - facts.sequence - 1;
    facts = foldOn(facts, line, records);
    counts.lines += 1;
  };
  for (const segment of segmentsAfter(segments, known.sequence)) {
    const bytes = await disk.read(segmentPath(events, segment));
    if (bytes) eachLine(bytes, take, counts);
  }
  return { facts, counts };
}

/** Without those that end before what is known. */
function segmentsAfter(segments: readonly Segment[], sequence: number): readonly Segment[] {
  const next = segments.findIndex(({ first }) => first > sequence + 1);
  const last = next === -1 ? segments.length : next;
  const first = segments[last - 1]?.first;
  return segments.filter((segment, at) => at >= last || segment.first === first);
}

function eachLine(bytes: Buffer, take: (line: LogLine) => void, counts: ReadCounts): void {
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LINE_END, from);
    if (end === -1) {
      // The end of a line comes last, so it was never acknowledged.
      counts.torn += 1;
      return;
    }
    const line = lineIn(bytes.subarray(from, end));
    from = end + 1;
    if (line) take(line);
    else counts.garbage += 1;
  }
}
