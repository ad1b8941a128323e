// Appends to audit/<part>/YYYY-MM-DD.jsonl. A line is on the disk before the next thing happens.
import type { AuditLine } from "../contract/audit.ts";
import { sealed, unsealed } from "../contract/sealed-line.ts";
import type { Disk } from "./disk.ts";
import { join } from "node:path";

/** Writes audit lines of one part. */
export type AuditTrail = (line: Omit<AuditLine, "version" | "at" | "part">, now: number) => void;

/** The trail of a part. @param root folder of the runtime state, e.g. "/opt/homelab" */
export function auditTrail(disk: Disk, root: string, part: AuditLine["part"]): AuditTrail {
  return (line, now) => {
    const at = new Date(now).toISOString();
    const path = join(root, "audit", part, `${at.slice(0, 10)}.jsonl`);
    disk.append(path, sealed({ version: 1, at, part, ...line }));
  };
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
