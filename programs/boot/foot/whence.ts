// What this program is, and which boot it runs in.
import { createHash } from "node:crypto";
import { textOf } from "../text-of.ts";

/** What the program was built from: the sum of its own file. */
export function buildOf(file: string | undefined): string {
  const sum = createHash("sha256").update(textOf(file ?? "") ?? "");
  return `boot ${sum.digest("hex").slice(0, 16)}`;
}

/** Id that the kernel made up when it booted; empty where it tells none. */
export function bootId(): string {
  return (textOf("/proc/sys/kernel/random/boot_id") ?? "").trim();
}
