// Looks at gates until they are open. The script that looks is the one the deployment and the
// checklist run, so all three mean the same by "open".
import { setTimeout as delay } from "node:timers/promises";
import { mountUnit } from "../../model/boot.ts";
import { gateProbe } from "../../model/gate-script.ts";
import type { PlannedGate } from "../../model/host-plan.ts";
import { isAlive, runShell } from "./shell.ts";

/** What one look at a gate showed. */
export interface Verdict {
  readonly open: boolean;
  /** In one line, why it is closed; empty when it is open. */
  readonly seen: string;
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
): Promise<void> {
  const probe = gateProbe(gate.condition);
  const { condition } = gate;
  let hanging: number[] = [];
  while (!signal.aborted) {
    hanging = hanging.filter(isAlive);
    if (pace() === "idle" || hanging.length >= MOST_HANGING) {
      await delay(SLOW_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const { exitCode, output, leftBehind } = await run(probe, LOOK_LIMIT_MS, signal);
    if (leftBehind !== undefined) hanging.push(leftBehind);
    if (signal.aborted) return;
    const seen = output || `looking took longer than ${LOOK_LIMIT_MS / 1000} s`;
    onVerdict(exitCode === 0 ? { open: true, seen: "" } : { open: false, seen });
    if (exitCode === 0) return;
    if (condition.kind === "mount") {
      const unit = mountUnit(condition.path);
      const mounted = await run(`systemctl start '${unit}'`, MOUNT_LIMIT_MS, signal);
      const wasDown = output.startsWith("nothing is mounted");
      if (mounted.exitCode === 0 && wasDown) continue;
    }
    const quick = condition.kind === "mount" ? PAUSE_MS.mount : PAUSE_MS.other;
    await delay(pace() === "quick" ? quick : SLOW_PAUSE_MS, undefined, { signal }).catch(
      () => undefined,
    );
  }
}
