import type { PlannedGate } from "../../model/host-plan.ts";
import type { BootState } from "./boot-state.ts";
import type { Engine } from "./engine.ts";
import type { Pace, Verdict } from "./gates.ts";
import type { MountWatcher } from "./mounts.ts";
import type { StartPlan } from "./start-plan.ts";

/** What a run needs from the world. */
export interface Surroundings {
  readonly engine: Pick<Engine, "look" | "start" | "stop" | "watch">;
  /** Looks at a gate, as often as the pace says, until it is open or the signal ends it. */
  readonly watchGate: (
    gate: PlannedGate,
    onVerdict: (verdict: Verdict) => void,
    signal: AbortSignal,
    pace: () => Pace,
  ) => Promise<void>;
  /** Whether a process fails to see what is mounted at a path now. */
  readonly isBlindTo: (path: string, pid: number) => Promise<boolean>;
  /** Told about every step. */
  readonly observe: (before: BootState, after: BootState, seconds: number) => void;
}

/** What staying needs besides. */
export interface StayingSurroundings extends Surroundings {
  /** Told once, when the boot has settled. */
  readonly settled: (state: BootState, seconds: number) => void;
  /** Whether somebody works on the host, so that nothing may be done now. */
  readonly isPaused: () => boolean;
  /** Looks at a mount now and then, until the signal ends it. */
  readonly watchMount: (path: string, watcher: MountWatcher, signal: AbortSignal) => Promise<void>;
  /** Mounts anew what is stale at a path, as far as it can be. */
  readonly renewMount: (path: string, signal: AbortSignal) => Promise<void>;
  /** Passes on each plan that a deployment writes, until the signal ends it. */
  readonly watchPlan: (onPlan: (plan: StartPlan) => void, signal: AbortSignal) => void;
}
