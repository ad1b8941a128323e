// What of the log is kept: so many days and so many bytes. What the fold needs of a file is in a
// snapshot before the file goes.
import { dirname } from "node:path";
import { factsIn, factsText } from "../fold/facts-file.ts";
import { listSnapshots, snapshotPath } from "./checkpoint.ts";
import type { Disk } from "./disk.ts";
import type { Facts } from "../fold/facts.ts";
import { segmentPath, type Segment } from "./segments.ts";

/** What is kept. */
export interface Caps {
  /**
   * Newest days with events, today among them. They are counted and not compared with a clock, which
   * may be wrong for a moment.
   */
  readonly days: number;
  readonly bytes: number;
}

/**
 * The files that go, oldest first; never the newest.
 * @param segments the files of the log in order
 */
function beyondCaps(segments: readonly Segment[], { days, bytes }: Caps): Segment[] {
  const newest = new Set([...new Set(segments.map(({ day }) => day))].slice(-days));
  let left = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const going: Segment[] = [];
  for (const segment of segments.slice(0, -1)) {
    if (newest.has(segment.day) && left <= bytes) break;
    going.push(segment);
    left -= segment.bytes;
  }
  return going;
}

/**
 * Removes what is beyond the caps, as far as a snapshot stands for it. Where none does, one of the
 * present facts is written first; a disk that is too full for that keeps the files.
 * @param facts with every line of the log in them
 * @returns how many files went
 * @throws what the disk says; then nothing was removed that was needed
 */
export async function trim(
  disk: Disk,
  events: string,
  snapshots: string,
  segments: readonly Segment[],
  caps: Caps,
  facts: Facts,
): Promise<number> {
  const going = beyondCaps(segments, caps);
  const next = segments[going.length];
  if (!next || going.length === 0) return 0;
  const standing = await listSnapshots(disk, snapshots);
  // All lines of what goes come before the first of what stays.
  const covered = standing.some((sequence) => sequence >= next.first - 1);
  if (!covered) await writeSnapshot(disk, snapshots, facts);
  for (const segment of going) {
    const path = segmentPath(events, segment);
    await disk.remove(path);
    // Other files of the day may stay.
    await disk.removeFolder(dirname(path)).catch(() => undefined);
  }
  return going.length;
}

/** Writes a snapshot, looks at what was written, and removes those before it. */
export async function writeSnapshot(disk: Disk, snapshots: string, facts: Facts): Promise<void> {
  const path = snapshotPath(snapshots, facts.sequence);
  await disk.put(path, factsText(facts), true);
  const written = (await disk.read(path))?.toString("utf8") ?? "";
  if (factsIn(written)?.sequence !== facts.sequence) {
    throw new Error(`${path} cannot be read back, so no day was removed`);
  }
  for (const sequence of await listSnapshots(disk, snapshots)) {
    if (sequence < facts.sequence) await disk.remove(snapshotPath(snapshots, sequence));
  }
}
