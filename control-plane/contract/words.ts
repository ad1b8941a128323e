// The words that the records of the control plane are made of. All of them are closed or bounded:
// nothing that a host says can become a command, a path or an option.
import * as z from "zod";
import { writtenOut } from "./visible.ts";

/** A host, as its ssh alias and its stack name it. It never begins like an option. */
export const hostName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** A container, gate or backup job, as the engine allows a container's name. */
export const thingName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/);

/** Id of a container, as the engine makes it up. */
export const containerId = z.string().regex(/^[0-9a-f]{64}$/);

/** Digest of an image. */
export const imageDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A commit, in full. */
export const commit = z.string().regex(/^[0-9a-f]{40}$/);

/** A SHA-256 in hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Fingerprint of a plan or of a declaration, see model/fingerprint.ts. */
export const planDigest = z.string().regex(/^[0-9a-f]{16}$/);

/** A moment in UTC with milliseconds, e.g. "2026-11-26T10:45:24.000Z". */
export const time = z.iso.datetime({ precision: 3 });

/** An id that was made up at random; 32 hexadecimal digits. */
export const randomId = z.string().regex(/^[0-9a-f]{32}$/);

/** Longest text in a record, in characters. */
const LONGEST_LINE = 500;

/** Characters that move a cursor, turn the direction of writing or end a line. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line for a person to read. It holds nothing that a terminal would act upon. */
export const line = z
  .string()
  .max(LONGEST_LINE)
  .refine((text) => text.search(UNSEEN) === -1, "has characters that cannot be seen; use asLine");

/** Any text as such a line: what cannot be seen is written out, what is too long is cut. */
export function asLine(text: string): string {
  const seen = text.replace(UNSEEN, writtenOut);
  return seen.length > LONGEST_LINE ? `${seen.slice(0, LONGEST_LINE - 1)}…` : seen;
}
