// Appends to audit/<part>/YYYY-MM-DD.jsonl. A line is on the disk before the next thing happens.
// With the first line of a day, and after a start, the days go that are beyond the caps.
import type { AuditLine } from "../contract/audit.ts";
import { sealed, unsealed } from "../contract/sealed-line.ts";
import { AUDIT_CAPS, beyondAuditCaps, type AuditCaps } from "../contract/audit-caps.ts";
import type { Disk } from "./disk.ts";
import { join } from "node:path";

/** Writes audit lines of one part. */
export type AuditTrail = (line: Omit<AuditLine, "version" | "at" | "part">, now: number) => void;

/** The trail of a part. @param root folder of the runtime state, e.g. "/opt/homelab" */
export function auditTrail(
  disk: Disk,
  root: string,
  part: AuditLine["part"],
  caps: AuditCaps = AUDIT_CAPS,
): AuditTrail {
  const folder = join(root, "audit", part);
  let trimmed = "";
  return (line, now) => {
    const at = new Date(now).toISOString();
    const day = at.slice(0, 10);
    disk.append(join(folder, `${day}.jsonl`), sealed({ version: 1, at, part, ...line }));
    if (day === trimmed) return;
    trimmed = day;
    trim(disk, folder, caps);
  };
}

function trim(disk: Disk, folder: string, caps: AuditCaps): void {
  try {
    const files = disk.list(folder).map((name) => ({ name, bytes: disk.size(join(folder, name)) }));
    for (const name of beyondAuditCaps(files, caps)) disk.remove(join(folder, name));
  } catch {
    // The line is written; that old ones cannot go stops nobody, and the next day tries again.
  }
}

/** Lines of a part in their order, and how many were torn or altered. */
export function auditLines(
  disk: Disk,
  root: string,
  part: AuditLine["part"],
): { readonly lines: readonly AuditLine[]; readonly broken: number } {
  const folder = join(root, "audit", part);
  const texts = disk
    .list(folder)
    .flatMap((name) => (disk.read(join(folder, name)) ?? "").split("\n"))
    .filter((text) => text !== "");
  const lines = texts.flatMap((text) => unsealed(text) ?? []);
  return { lines, broken: texts.length - lines.length };
}
