// A line of the log as bytes. It is JSON with a checksum in front, so that half a line, or one that
// a disk changed, is told from a whole one.
import { crc32 } from "node:zlib";
import type { LogLine } from "../contract/log-line.ts";

const OPENING = '{"sum":"';
const SUM_DIGITS = 8;
/** Where the checksummed bytes begin: behind `{"sum":"01234567",`. */
const BODY_AT = OPENING.length + SUM_DIGITS + '",'.length;

/** The line with its checksum and its end. */
export function recordOf(line: LogLine): string {
  const body = JSON.stringify(line).slice(1);
  return `${OPENING}${sumOf(body)}",${body}\n`;
}

/**
 * The line in a record's bytes, without their end; undefined when the checksum is another. Against
 * a broken disk, and not against who can write the log: the schema was held to it before it was
 * written, and is not once more for each of millions.
 */
export function lineIn(record: Buffer): LogLine | undefined {
  const stated = record.toString("latin1", 0, OPENING.length + SUM_DIGITS);
  if (stated !== OPENING + sumOf(record.subarray(BODY_AT))) return undefined;
  try {
    const line = JSON.parse(record.toString("utf8")) as LogLine & { sum?: string };
    return (line.version as number) === 1 ? line : undefined;
  } catch {
    return undefined;
  }
}

function sumOf(bytes: string | Buffer): string {
  return crc32(bytes).toString(16).padStart(SUM_DIGITS, "0");
}
