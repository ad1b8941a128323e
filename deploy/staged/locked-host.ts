import { randomUUID } from "node:crypto";
import { Unreachable } from "../../hosts/remote-shell.ts";
import { HostError } from "../../model/errors.ts";
import { isIntermittent, type HostName } from "../../model/host-names.ts";
import { runThere, shellOf, type HostShell } from "./host-files.ts";
import { errorFacts } from "./journal.ts";
import {
  lockedError,
  lockText,
  releaseLock,
  takeLock,
  type DeployLock,
  type Orchestrator,
} from "./lock.ts";
import { ownIdentity } from "./owner.ts";
import type { Places } from "./places.ts";
import { notBegun, reportOf, type DeployReport, type HostOutcome } from "./report.ts";

/** How locks are taken. */
export interface Locking {
  readonly places: Places;
  readonly why: Pick<DeployLock, "commit" | "reason">;
  /** The command to type when nothing could begin on a host. */
  readonly again: (host: HostName) => string;
  /** Whether the hosts' orchestrators keep their hands off meanwhile. @default "pauses" */
  readonly orchestrator?: Orchestrator;
}

/** A host whose lock is held. */
export interface LockedHost {
  readonly host: HostName;
  readonly shell: HostShell;
  readonly places: Places;
  readonly lock: DeployLock;
  /** The run that is known to be gone and had the lock before. */
  readonly takenFrom: DeployLock | undefined;
  /** The command to type when no stage could begin. */
  readonly again: string;
}

/**
 * Takes a host's lock, or answers how that ended: somebody else has it, or the host is away.
 * @param again the command to type then
 * @param orchestrator whether the host's keeps its hands off meanwhile
 */
export async function lockHost(
  host: HostName,
  places: Places,
  why: Pick<DeployLock, "commit" | "reason">,
  again: string,
  orchestrator: Orchestrator = "pauses",
): Promise<LockedHost | HostOutcome> {
  const shell = shellOf(host);
  const since = new Date().toISOString();
  const lock: DeployLock = { version: 1, id: randomUUID(), owner: ownIdentity(), since, ...why };
  return orAway(host, again, async () => {
    const taken = await takeLock(host, shell, places, lock, undefined, orchestrator);
    if (taken.taken) return { host, shell, places, lock, takenFrom: taken.from, again };
    return notBegun(host, "refused", errorFacts(lockedError(host, taken.held)), again);
  });
}

/**
 * Takes the locks of hosts, and gives them back when the work is done. If somebody else has one,
 * nothing begins on any. Which hosts are away is found out of all at once; the locks of the others
 * are taken one after another, so that of two runs which begin at one moment one has them all.
 * @param work is given the hosts whose lock is held; answers how it went on each of them
 * @returns how it went on each host, in the order in which they were named
 */
export async function underLocks(
  hosts: readonly HostName[],
  { places, why, again, orchestrator }: Locking,
  work: (locked: readonly LockedHost[]) => Promise<ReadonlyMap<HostName, HostOutcome>>,
  say: (line: string) => void,
): Promise<DeployReport> {
  const away = new Map<HostName, HostOutcome>();
  const locked: LockedHost[] = [];
  try {
    const found = hosts.map(async (host) => [host, await awayOutcome(host, again(host))] as const);
    for (const [host, outcome] of await Promise.all(found)) {
      const one = outcome ?? (await lockHost(host, places, why, again(host), orchestrator));
      if (!("outcome" in one)) locked.push(one);
      else if (one.outcome === "refused") return reportOf([one]);
      else away.set(host, one);
    }
    const outcomes = await work(locked);
    return reportOf(hosts.flatMap((host) => away.get(host) ?? outcomes.get(host) ?? []));
  } finally {
    await Promise.all(locked.map((one) => unlockHost(one, say)));
  }
}

/** How it ended with a host that does not answer; undefined for one that does. */
function awayOutcome(host: HostName, again: string): Promise<HostOutcome | undefined> {
  return orAway(host, again, async () => {
    await runThere(host, shellOf(host), ":\n", { what: "read" });
    return undefined;
  });
}

/** What the work on a host answers, or how it ended where the host is away. */
async function orAway<T>(
  host: HostName,
  again: string,
  work: () => Promise<T>,
): Promise<T | HostOutcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const mayBeAway = error instanceof Unreachable && isIntermittent(host);
    return notBegun(host, mayBeAway ? "absent" : "failed", errorFacts(error), again);
  }
}

/** Gives the lock back. Not being able to is said, and hides no first error. */
export async function unlockHost(
  { host, shell, places, lock }: LockedHost,
  say: (line: string) => void,
): Promise<void> {
  try {
    await releaseLock(host, shell, places, lockText(lock));
  } catch (error) {
    say(
      `[${host}] the lock could not be given back: ${errorFacts(error).message}; later: npx homelab unlock ${host}`,
    );
  }
}
