// The files of the log on a disk.
import { join } from "node:path";
import {
  inLogOrder,
  isLogDay,
  logFileIn,
  logFileName,
  type LogFile,
} from "../contract/log-files.ts";
import type { Disk } from "./disk.ts";

/** A file of the log. */
export interface Segment extends LogFile {
  readonly bytes: number;
}

/** Path of a file of the log. */
export function segmentPath(events: string, file: LogFile): string {
  return join(events, file.day, logFileName(file));
}

/** The files of a log in order. What else lies there is passed over. */
export async function listSegments(disk: Disk, events: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const { name: day, isFolder } of await disk.list(events)) {
    if (!isFolder || !isLogDay(day)) continue;
    for (const { name, bytes } of await disk.list(join(events, day))) {
      const file = logFileIn(day, name);
      if (file) segments.push({ ...file, bytes });
    }
  }
  return segments.sort(inLogOrder);
}

/** The day of a time. */
export function dayOf(at: string): string {
  return at.slice(0, at.indexOf("T"));
}
