// What happened, the newest first, from the files of the log. They are read from their ends, in
// pieces, so that a log of any length needs no more memory than a piece.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { logFileName } from "../../contract/log-files.ts";
import { logLineSchema } from "../../contract/log-line.ts";
import { loggedEvent, type LoggedEvent } from "../../contract/logged-event.ts";
import type { Events, EventsQuery } from "../../contract/page-api.ts";
import { readAs } from "../../contract/read-as.ts";
import { logFiles } from "./log-folder.ts";

const PIECE_BYTES = 128 * 1024;
/** A line that is longer is none; a look at 2,000 containers has 1 MiB. */
const LONGEST_LINE_BYTES = 2 * 1024 ** 2;
/** So much of the log is looked through for one answer; the next one goes on from there. */
const MOST_BYTES = 16 * 1024 ** 2;
const LINE_END = 0x0a;

/** Tells of a line, before it is read as JSON, that nobody wants to see it. */
const UNTOLD = ['"kind":"alive"', '"kind":"look"'];

/** A page of what happened. @param folder events/, see control-plane/README.md */
export async function eventsIn(folder: string, query: EventsQuery): Promise<Events> {
  const { before = Number.MAX_SAFE_INTEGER, host, limit } = query;
  const events = new Map<number, LoggedEvent>();
  let left = MOST_BYTES;
  let oldest = before;
  const files = (await logFiles(folder)).filter(({ first }) => first < before);
  for (const file of files.reverse()) {
    // A file may go while it is looked for: its day is over.
    for await (const line of linesFromEnd(join(folder, file.day, logFileName(file)))) {
      const sequence = sequenceOf(line) ?? oldest;
      // These had their answer; only what is behind them counts.
      if (sequence >= before) continue;
      left -= line.length + 1;
      oldest = Math.min(oldest, sequence);
      const event = eventOf(line, host);
      if (event) events.set(event.sequence, event);
      if (events.size === limit || left <= 0) {
        return { events: newestFirst(events), next: oldest > 1 ? oldest : null };
      }
    }
  }
  return { events: newestFirst(events), next: null };
}

function newestFirst(events: ReadonlyMap<number, LoggedEvent>): LoggedEvent[] {
  return [...events.values()].sort((a, b) => b.sequence - a.sequence);
}

function eventOf(line: Buffer, host: string | undefined): LoggedEvent | undefined {
  if (UNTOLD.some((kind) => line.includes(kind))) return undefined;
  if (host !== undefined && !line.includes(`"host":"${host}"`)) return undefined;
  const read = readAs(logLineSchema, line.toString("utf8"));
  const event = read && loggedEvent(read);
  return event && (host === undefined || event.host === host) ? event : undefined;
}

/** The sequence stands in front, so that a line of 1 MiB need not be read for it. */
function sequenceOf(line: Buffer): number | undefined {
  const [, digits] = /"sequence":(\d{1,15})[,}]/.exec(line.toString("latin1", 0, 200)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The lines of a file without their ends, the last one first; of one that went nothing. What is too
 * long for a line is passed over, without being kept.
 */
async function* linesFromEnd(path: string): AsyncGenerator<Buffer> {
  const file = await open(path).catch(() => undefined);
  if (!file) return;
  try {
    let at = (await file.stat()).size;
    let rest = Buffer.alloc(0);
    // The end of the line that `rest` would be the front of was too long already.
    let isTooLong = false;
    while (at > 0) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, at));
      at -= piece.length;
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      const text = Buffer.concat([piece.subarray(0, bytesRead), rest]);
      let end = text.length;
      for (let start = text.lastIndexOf(LINE_END); start !== -1;) {
        if (!isTooLong) yield text.subarray(start + 1, end);
        isTooLong = false;
        end = start;
        start = start === 0 ? -1 : text.lastIndexOf(LINE_END, start - 1);
      }
      rest = text.subarray(0, end);
      isTooLong ||= rest.length > LONGEST_LINE_BYTES;
      if (isTooLong) rest = Buffer.alloc(0);
    }
    if (!isTooLong) yield rest;
  } finally {
    await file.close();
  }
}
