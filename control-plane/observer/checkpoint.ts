// Facts in a file: state/observer_checkpoint.json, so that a start needs not read the whole log, and
// events/snapshots/<sequence>.json, which stand for the days that were removed.
import { join } from "node:path";
import type { Disk } from "./disk.ts";
import { NOTHING, type Facts } from "../fold/facts.ts";
import { factsIn } from "../fold/facts-file.ts";

const SNAPSHOT = /^(\d{12})\.json$/;

/**
 * The newest facts that can be read in checkpoint and snapshots; a file that holds none is renamed
 * to `.corrupt-<time>`.
 */
export async function readKnown(
  disk: Disk,
  checkpoint: string,
  snapshots: string,
  now: number,
): Promise<Facts> {
  let facts = NOTHING;
  const names = (await listSnapshots(disk, snapshots)).map((each) => snapshotPath(snapshots, each));
  for (const path of [checkpoint, ...names]) {
    const text = (await disk.read(path))?.toString("utf8");
    if (text === undefined) continue;
    const read = factsIn(text);
    if (read === undefined) {
      // A full disk can rename as well; whatever else keeps it from that keeps nobody from starting.
      await disk.rename(path, `${path}.corrupt-${now}`).catch(() => undefined);
    } else if (read.sequence > facts.sequence) {
      facts = read;
    }
  }
  return facts;
}

/** Sequences of the snapshots, oldest first. */
export async function listSnapshots(disk: Disk, snapshots: string): Promise<number[]> {
  const entries = await disk.list(snapshots);
  return entries.flatMap(({ name }) => {
    const [, sequence] = SNAPSHOT.exec(name) ?? [];
    return sequence === undefined ? [] : [Number(sequence)];
  });
}

/** Path of a snapshot. */
export function snapshotPath(snapshots: string, sequence: number): string {
  return join(snapshots, `${String(sequence).padStart(12, "0")}.json`);
}
