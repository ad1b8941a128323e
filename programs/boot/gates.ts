// Looks at gates until they are open. The script that looks is the one the deployment and the
// checklist run, so all three mean the same by "open".
import { gateProbe } from "../../model/gate-script.ts";
import type { PlannedGate } from "../../model/host-plan.ts";
import { lookAtMount, mountStart, mountTrial } from "./mounts.ts";
import { isAlive, runShell, type ShellResult } from "./shell.ts";
import { wait } from "./wait.ts";
import type { Sight } from "./boot-events.ts";

/** What one look at a gate showed. */
export interface Verdict {
  readonly open: boolean;
  /** In one line, why it is closed; empty when it is open. */
  readonly seen: string;
  /** Of a closed gate before a mount: what is mounted there. @default nothing is, or it hangs */
  readonly saw?: Sight;
}

/**
 * Pause between two looks. Mounts are also tried again each time; systemd refuses a unit that is
 * started more than 5 times in 10 s.
 */
const PAUSE_MS = { mount: 3000, other: 1000 } as const;

/** Pause between two looks at a gate that stayed closed: who waits for it starts within a minute. */
const SLOW_PAUSE_MS = 15_000;

/**
 * How often to look. A gate that stayed closed is looked at slowly; "idle" looks at nothing and
 * tries no mount.
 */
export type Pace = "quick" | "slow" | "idle";

/** So many looks may hang at the same time before there is another. */
const MOST_HANGING = 3;

/** A look that takes longer hangs, and the gate is closed. */
const LOOK_LIMIT_MS = 20_000;

/**
 * A unit that fails writes several lines to the journal. Of a gate that stayed closed the mount is
 * tried without it; only once in so many looks is the unit started all the same, should the trial be
 * wrong.
 */
const LOOKS_PER_START = 8;

/** A mount that takes longer to try is given up, and tried again. */
const MOUNT_LIMIT_MS = 25_000;

/**
 * Looks at a gate until it is open or the signal ends it, and passes on each verdict.
 * @param run runs a shell script, see `runShell`
 * @param pace asked before each look
 */
export async function watchGate(
  gate: PlannedGate,
  onVerdict: (verdict: Verdict) => void,
  signal: AbortSignal,
  run: typeof runShell = runShell,
  pace: () => Pace = () => "quick",
  pause: typeof wait = wait,
): Promise<void> {
  const probe = gateProbe(gate.condition);
  const { condition } = gate;
  const quick = condition.kind === "mount" ? PAUSE_MS.mount : PAUSE_MS.other;
  let hanging: number[] = [];
  const attempt = async (script: string, limitMs: number): Promise<ShellResult> => {
    const result = await run(script, limitMs, signal);
    if (result.leftBehind !== undefined) hanging.push(result.leftBehind);
    return result;
  };
  for (let looks = 1; !signal.aborted; looks += 1) {
    hanging = hanging.filter(isAlive);
    if (pace() === "idle" || hanging.length >= MOST_HANGING) {
      await pause(SLOW_PAUSE_MS, signal);
      continue;
    }
    const { exitCode, output } = await attempt(probe, LOOK_LIMIT_MS);
    if (signal.aborted) return;
    if (exitCode === 0) return onVerdict({ open: true, seen: "" });
    const seen = output || `looking took longer than ${LOOK_LIMIT_MS / 1000} s`;
    const isDown = output.startsWith("nothing is mounted");
    const isToTell = condition.kind === "mount" && !isDown && exitCode !== undefined;
    const saw = isToTell ? (await lookAtMount(condition.path, signal, attempt)).saw : undefined;
    if (signal.aborted) return;
    onVerdict({ open: false, seen, ...(saw === undefined ? {} : { saw }) });
    if (condition.kind === "mount" && isDown) {
      const isTried =
        pace() === "quick" ||
        looks % LOOKS_PER_START === 0 ||
        (await attempt(mountTrial(condition.path), MOUNT_LIMIT_MS)).exitCode === 0;
      const start = mountStart(condition.path);
      if (isTried && (await attempt(start, MOUNT_LIMIT_MS)).exitCode === 0) continue;
    }
    await pause(pace() === "quick" ? quick : SLOW_PAUSE_MS, signal);
  }
}
