// Who runs a deployment, in words by which a later one can prove that it is gone.
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { z } from "zod";

/** Schema of an owner. What a system does not tell is null; then nothing is ever proven by it. */
export const ownerSchema = z.strictObject({
  user: z.string(),
  /** Name of the computer. */
  host: z.string(),
  /** Digest of its machine id: names repeat, e.g. "raspberrypi". */
  machine: z.string().nullable(),
  /** Id of its boot: every boot has another. */
  boot: z.string().nullable(),
  pid: z.number().int().positive(),
  /** When the process began, in clock ticks since the boot: numbers of processes repeat. */
  started: z.string().nullable(),
  /** Where the number counts: it says nothing in another container. */
  pidNamespace: z.string().nullable(),
});

/** Who runs a deployment. */
export type Owner = z.infer<typeof ownerSchema>;

/** This process. */
export function ownIdentity(): Owner {
  const machine = textOf("/etc/machine-id");
  return {
    user: userInfo().username,
    host: hostname(),
    // Not the id itself, which others may take for a secret (machine-id(5)).
    machine: machine ? digestOf(machine) : null,
    boot: textOf("/proc/sys/kernel/random/boot_id") || null,
    pid: process.pid,
    started: startOf(process.pid),
    pidNamespace: namespace(),
  };
}

/** Who runs this, for a person: user@computer. */
export function ownName(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** Whether an owner is known to be at work on this computer. */
export function isAliveHere(owner: Owner, own: Owner = ownIdentity()): boolean {
  const isThisBoot = owner.boot !== null && owner.boot === own.boot;
  const isSameProcess = owner.started !== null && startOf(owner.pid) === owner.started;
  return isSameComputer(owner, own) && isThisBoot && isSameProcess;
}

/**
 * Whether an owner is known to be gone: its computer is this one, and has booted since or has no
 * such process. How long ago it began proves nothing.
 */
export function isProvenDead(owner: Owner, own: Owner = ownIdentity()): boolean {
  if (!isSameComputer(owner, own) || owner.boot === null || own.boot === null) return false;
  if (owner.boot !== own.boot) return true;
  if (owner.started === null || owner.pidNamespace === null) return false;
  return owner.pidNamespace === own.pidNamespace && startOf(owner.pid) !== owner.started;
}

function isSameComputer(owner: Owner, own: Owner): boolean {
  return owner.machine !== null && owner.machine === own.machine && owner.host === own.host;
}

/** Whether this computer has a process of that number and name that has not ended. */
export function isRunning(pid: number, name: string): boolean {
  return startOf(pid) !== null && textOf(`/proc/${pid}/comm`) === name;
}

function digestOf(machine: string): string {
  return createHash("sha256").update(`homelab ${machine}`).digest("hex").slice(0, 16);
}

/** When a process began; null when there is none, or it has ended and nobody has taken note yet. */
function startOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; field 3 is the first after it, 22 the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? null : (fields[19] ?? null);
}

function namespace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
