// Looks at network mounts, tries them, and renews them. A dead one hangs whoever touches it, so all
// is done by short-lived processes with a time limit.
import { mountUnit } from "../../model/boot.ts";
import { quote } from "../../model/shell-text.ts";
import { isAlive, runShell } from "./shell.ts";
import { wait } from "./wait.ts";
import type { Sight } from "./boot-events.ts";

/** Pause between two looks at a mount that services run above. */
export const MOUNT_LOOK_MS = 60_000;

/** Pause before the look that says whether it is stale indeed. */
export const SECOND_LOOK_MS = 10_000;

/** A look that takes longer is given up: its server does not answer. */
const MOUNT_LOOK_LIMIT_MS = 10_000;

/** Unmounting and mounting anew may take so long together; the unit itself gives up after 20 s each. */
const RENEW_LIMIT_MS = 60_000;

/**
 * What the system says of a mount that no wait mends: ESTALE, where the NFS server knows it no more,
 * and ENOTCONN, where the program that stands for it ended (FUSE). See open(2), errno(3).
 */
const STALE = ["Stale file handle", "Transport endpoint is not connected"] as const;

/** What one look at a mount showed. */
export interface MountLook {
  readonly saw: Sight;
  /** In one line, what was wrong; empty when it is well. */
  readonly seen: string;
  /** The process that looked, when it was given up and may still hang. */
  readonly leftBehind?: number;
}

/** Asks the file system that is mounted at a path how full it is, which asks its server. */
export async function lookAtMount(
  path: string,
  signal: AbortSignal,
  run: typeof runShell = runShell,
): Promise<MountLook> {
  const { exitCode, output, leftBehind } = await run(look(path), MOUNT_LOOK_LIMIT_MS, signal);
  if (exitCode === 0) return { saw: "well", seen: "" };
  if (exitCode === undefined) {
    const seen = `its server did not answer within ${MOUNT_LOOK_LIMIT_MS / 1000} s`;
    return { saw: "silent", seen, ...(leftBehind === undefined ? {} : { leftBehind }) };
  }
  const saw = STALE.some((error) => output.includes(error)) ? "stale" : "silent";
  return { saw, seen: output };
}

/** What a watch over a mount asks and tells. */
export interface MountWatcher {
  /** Asked before each look; nothing is looked at while nobody runs above the mount. */
  readonly isToLook: () => boolean;
  readonly onLook: (look: MountLook) => void;
}

/**
 * Looks at a mount every minute until the signal ends it, and again soon where it was stale. There is
 * never more than one look: one that hangs is waited for.
 * @param pause ends early with the signal
 */
export async function watchMount(
  path: string,
  { isToLook, onLook }: MountWatcher,
  signal: AbortSignal,
  look: typeof lookAtMount = lookAtMount,
  pause: typeof wait = wait,
): Promise<void> {
  let hanging: number | undefined;
  let wasStale = false;
  for (let next = MOUNT_LOOK_MS; ;) {
    await pause(next, signal);
    if (signal.aborted) return;
    next = MOUNT_LOOK_MS;
    if (!isToLook() || (hanging !== undefined && isAlive(hanging))) continue;
    const seen = await look(path, signal);
    // It may have been given up because the run is over.
    if (signal.aborted) return;
    hanging = seen.leftBehind;
    if (seen.saw === "stale" && !wasStale) next = SECOND_LOOK_MS;
    wasStale = seen.saw === "stale";
    // Somebody may have announced maintenance while it looked.
    if (isToLook()) onLook(seen);
  }
}

/**
 * Takes a stale mount away and has its unit mount it anew; who still uses it keeps the dead one. A
 * mount that is well by now is left alone. Does not say how it went: that is seen by a look.
 */
export async function renewMount(
  path: string,
  signal: AbortSignal,
  run: typeof runShell = runShell,
): Promise<void> {
  const errors = STALE.map((error) => `*${quote(error)}*`).join(" | ");
  // restart: systemd may not have noticed yet that it is gone, and start would do nothing.
  const script = `said=$(${look(path)} 2>&1)
case $said in ${errors}) umount --lazy ${quote(path)}; systemctl restart ${quote(mountUnit(path))} ;; esac`;
  await run(script, RENEW_LIMIT_MS, signal);
}

/**
 * A script that mounts as the unit would, where nobody sees it, and takes it away again: exits 0 when
 * the server gives it. What others unmount meanwhile is not kept busy (slave). systemd writes nothing
 * about that to its journal, as it does about each unit that fails.
 */
export function mountTrial(path: string): string {
  const shown = ["Type", "Options", "What"].map(
    (name) => `"$(systemctl show --property=${name} --value ${quote(mountUnit(path))})"`,
  );
  const trial = `mount -t "$1" -o "$2" "$3" "$4" && { umount "$4" || umount --lazy "$4"; }`;
  return `unshare --mount --propagation slave sh -c ${quote(trial)} sh ${shown.join(" ")} ${quote(path)} >/dev/null 2>&1`;
}

/** A script that has the unit of a mount mount it; does nothing where systemd takes it for mounted. */
export function mountStart(path: string): string {
  return `systemctl start ${quote(mountUnit(path))}`;
}

function look(path: string): string {
  return `env LC_ALL=C stat --file-system --format= ${quote(path)}`;
}
