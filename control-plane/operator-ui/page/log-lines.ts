// The lines of a file of the log from its beginning, in pieces: who reads a file of 8 MiB at once needs
// more memory than the page has, and answers nobody meanwhile.
import { open } from "node:fs/promises";
import type { LogLine } from "../../contract/log-line.ts";
import { lineIn } from "../../fold/record.ts";

const PIECE_BYTES = 128 * 1024;
/** A line that is longer is none; a look at 2,000 containers has 1 MiB. */
const LONGEST_LINE_BYTES = 2 * 1024 ** 2;
const LINE_END = 0x0a;

/** Its whole lines; none of a file that went, for its day is over. */
export async function* linesOf(path: string): AsyncGenerator<LogLine> {
  const file = await open(path).catch(() => undefined);
  if (!file) return;
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let begun: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
      if (bytesRead === 0) return;
      let from = 0;
      for (;;) {
        const end = piece.subarray(0, bytesRead).indexOf(LINE_END, from);
        if (end === -1) break;
        const isTooLong = bytes > LONGEST_LINE_BYTES;
        const record = Buffer.concat([...begun, piece.subarray(from, end)]);
        const line = isTooLong ? undefined : lineIn(record);
        [begun, bytes, from] = [[], 0, end + 1];
        if (line) yield line;
      }
      bytes += bytesRead - from;
      // What is too long is passed over, without being kept.
      if (bytes > LONGEST_LINE_BYTES) begun = [];
      else begun.push(Buffer.from(piece.subarray(from, bytesRead)));
    }
  } finally {
    await file.close();
  }
}
