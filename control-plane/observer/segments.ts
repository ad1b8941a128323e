// The files of the log: events/<day of the receipt>/<first sequence>.jsonl. Their order is that of
// the sequences in their names, so a clock that jumps puts one into an odd folder, and no more.
import { join } from "node:path";
import type { Disk } from "./disk.ts";

/** A file of the log. */
export interface Segment {
  /** Folder, e.g. "2026-11-26". */
  readonly day: string;
  /** Sequence of its first line. */
  readonly first: number;
  /** Counts the files that began at that sequence; all but the last hold nothing whole. */
  readonly attempt: number;
  readonly bytes: number;
}

const DAY = /^\d{4,6}-\d{2}-\d{2}$/;
const FILE = /^(\d{12})(?:-(\d{1,4}))?\.jsonl$/;
const DIGITS = 12;

/** Path of a file of the log. */
export function segmentPath(
  events: string,
  { day, first, attempt }: Omit<Segment, "bytes">,
): string {
  const number = String(first).padStart(DIGITS, "0");
  return join(events, day, `${number}${attempt === 0 ? "" : `-${attempt}`}.jsonl`);
}

/** The files of a log in order. What else lies there is passed over. */
export async function listSegments(disk: Disk, events: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const { name: day, isFolder } of await disk.list(events)) {
    if (!isFolder || !DAY.test(day)) continue;
    for (const { name, bytes } of await disk.list(join(events, day))) {
      const [, first, attempt = "0"] = FILE.exec(name) ?? [];
      if (first === undefined) continue;
      segments.push({ day, first: Number(first), attempt: Number(attempt), bytes });
    }
  }
  return segments.sort(
    (a, b) => a.first - b.first || a.attempt - b.attempt || (a.day < b.day ? -1 : 1),
  );
}

/** The day of a time. */
export function dayOf(at: string): string {
  return at.slice(0, at.indexOf("T"));
}
