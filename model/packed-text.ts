// Texts that travel to a host inside a script: packed, they are a third, and no line of theirs can be
// taken for the end of the text.
import { gzipSync } from "node:zlib";

/** The shell command that unpacks, from standard input to standard output; every host has both. */
export const UNPACK = "{ base64 -d | gunzip; }";

/** A text, packed into letters that stand in a script unchanged. The same text gives the same letters. */
export function packed(text: string): string {
  const bytes = gzipSync(text, { level: 9 });
  // Byte 9 names the system that packed it, which must make no difference to see.
  bytes[OS_BYTE] = UNKNOWN_OS;
  return bytes.toString("base64");
}

const OS_BYTE = 9;
const UNKNOWN_OS = 255;
