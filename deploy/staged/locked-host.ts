import { randomUUID } from "node:crypto";
import { HostError } from "../../model/errors.ts";
import type { HostName } from "../../model/host-names.ts";
import { shellOf, type HostShell } from "./host-files.ts";
import { errorFacts } from "./journal.ts";
import { lockedError, lockText, releaseLock, takeLock, type DeployLock } from "./lock.ts";
import { ownIdentity } from "./owner.ts";
import type { Places } from "./places.ts";
import { notBegun, type HostOutcome } from "./report.ts";

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
 */
export async function lockHost(
  host: HostName,
  places: Places,
  why: Pick<DeployLock, "commit" | "reason">,
  again: string,
): Promise<LockedHost | HostOutcome> {
  const shell = shellOf(host);
  const since = new Date().toISOString();
  const lock: DeployLock = { version: 1, id: randomUUID(), owner: ownIdentity(), since, ...why };
  try {
    const taken = await takeLock(host, shell, places, lock);
    if (taken.taken) return { host, shell, places, lock, takenFrom: taken.from, again };
    return notBegun(host, "refused", errorFacts(lockedError(host, taken.held)), again);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return notBegun(host, "failed", errorFacts(error), again);
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
