// A line of the audit as bytes: JSON with a checksum in front, so that half a line, or one that a
// disk changed, is told from a whole one. It does not help against who can write the file.
import { createHash } from "node:crypto";
import { auditLineSchema, type AuditLine } from "./audit.ts";
import { readAs } from "./read-as.ts";

const SEALED = /^\{"sum":"([0-9a-f]{8})",(.*)$/s;

/** The line with its checksum and its end. */
export function sealed(line: AuditLine): string {
  const body = JSON.stringify(auditLineSchema.parse(line)).slice(1);
  return `{"sum":"${sumOf(body)}",${body}\n`;
}

/** The line in a text without its end; undefined when it is torn or altered. */
export function unsealed(text: string): AuditLine | undefined {
  const [, stated, body] = SEALED.exec(text) ?? [];
  if (body === undefined || stated !== sumOf(body)) return undefined;
  return readAs(auditLineSchema, `{${body}`);
}

/** Not zlib's crc32: a host writes such lines too, and Node.js 18, which it may have, lacks that. */
function sumOf(body: string): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 8);
}
