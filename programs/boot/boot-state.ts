import type { StartNode, StartPlan, Wait } from "./start-plan.ts";

/** Where a gate stands. Open and closed are final in a boot; after it a closed one may still open. */
export type GateState =
  /** Not looked at yet. `from`: when its limit began to run. @default 0 */
  | { readonly at: "unknown"; readonly from?: number }
  /** Closed when last looked at; its limit still runs. */
  | { readonly at: "shut"; readonly seen: string; readonly from?: number }
  /** `blind`: services that run since before the mount came, and do not see it. */
  | { readonly at: "open"; readonly since: number; readonly blind: readonly string[] }
  /** Its limit ran out. */
  | { readonly at: "closed"; readonly seen: string };

/**
 * Where a service stands. Times are seconds since the run began. `checked` says whether its
 * container has a health check; without one it counts as healthy once it runs.
 */
export type ServiceState =
  | { readonly at: "unseen" }
  /** Ran when the run began; not known yet whether it may. */
  | {
      readonly at: "running";
      readonly as: "starting" | "healthy" | "unhealthy";
      readonly checked: boolean;
    }
  /** Has to stop, after what depends on it. */
  | { readonly at: "doomed"; readonly checked: boolean }
  | { readonly at: "stopping"; readonly checked: boolean; readonly until: number }
  | WaitingState
  | StartingState
  | { readonly at: "healthy"; readonly since: number; readonly kept: boolean }
  /** Ran to its end, as something else waits for it to do. */
  | { readonly at: "completed"; readonly since: number }
  | FailedState
  /** Not started, because something it cannot do without is missing. */
  | { readonly at: "held"; readonly by: string }
  /** Ended by itself without an error, which nobody asked for; is started again then. */
  | { readonly at: "crashed"; readonly until: number }
  /** A person or a deployment stopped or removed it; stays so until one of them starts it. */
  | { readonly at: "stopped"; readonly removed: boolean };

/** Stopped, until everything it waits for is there. */
export interface WaitingState {
  readonly at: "waiting";
  readonly checked: boolean;
  /** When each of its waits was over. */
  readonly trace: Readonly<Record<string, number>>;
  /** When the last hard wait was over; from then on the soft limits count. */
  readonly hardMetAt?: number;
}

/**
 * `runs`: its container does run, so it counts as started. `loops`: it crashed too often, and counts
 * again only once it is healthy. `ended`: by itself, without an error.
 */
export interface FailedState {
  readonly at: "failed";
  readonly reason: string;
  readonly runs: boolean;
  readonly loops?: boolean;
  readonly ended?: boolean;
}

/** Started, not yet healthy. */
export interface StartingState {
  readonly at: "starting";
  readonly checked: boolean;
  readonly startedAt: number;
  readonly until: number;
  /** Its process runs. */
  readonly up: boolean;
  /** Was healthy, and is still to run to its end. */
  readonly works: boolean;
  /** How often it ended with an error since its start. */
  readonly crashes: number;
  readonly trace: Readonly<Record<string, number>>;
  /** Soft requirements that were not there when it was started. */
  readonly without: readonly string[];
}

/** Which service, and when since the run began. */
interface Moment {
  readonly node: StartNode;
  readonly seconds: number;
}

/** The state of a service that is started now; checked, unless `known` says otherwise. */
export function starting({ node, seconds }: Moment, known: Partial<StartingState>): StartingState {
  return {
    at: "starting",
    checked: true,
    startedAt: seconds,
    until: seconds + node.deadlineSeconds,
    up: false,
    works: false,
    crashes: 0,
    trace: {},
    without: [],
    ...known,
  };
}

/** The state of a service that has just become healthy. */
export function healthy({ seconds }: Pick<Moment, "seconds">): ServiceState {
  return { at: "healthy", since: seconds, kept: false };
}

/** Everything the scheduler knows. */
export interface BootState {
  readonly plan: StartPlan;
  readonly services: ReadonlyMap<string, ServiceState>;
  readonly gates: ReadonlyMap<string, GateState>;
  /** The boot is over; from now on what changes is followed, see staying.ts. */
  readonly staying: boolean;
  /** Services that somebody told the engine to stop since they were started last. */
  readonly asked: ReadonlySet<string>;
  /** Of services that ended by themselves and were started again. */
  readonly restarts: ReadonlyMap<string, Restarts>;
}

/** How often a service was started again. */
export interface Restarts {
  /** Since the run began. */
  readonly total: number;
  /** When; only those that count against the limit. */
  readonly recent: readonly number[];
}

/** Whether nothing can happen to it any more in a boot. */
export function isFinal({ at }: ServiceState): boolean {
  return (
    at === "healthy" || at === "completed" || at === "failed" || at === "held" || at === "stopped"
  );
}

/** Whether a wait is over because what it is for is there. */
export function isMet(state: BootState, wait: Wait): boolean {
  const gate = state.gates.get(wait.on);
  if (gate) return gate.at === "open";
  const target = state.services.get(wait.on);
  if (!target) return false;
  switch (wait.condition) {
    case "completed":
      return target.at === "completed";
    case "healthy":
      return target.at === "healthy" || (target.at === "starting" && target.works);
    case "started":
      return (
        target.at === "healthy" ||
        target.at === "completed" ||
        (target.at === "starting" && target.up) ||
        (target.at === "failed" && target.runs)
      );
  }
}

/** Whether a wait cannot be met as things stand. */
export function isHopeless(state: BootState, wait: Wait): boolean {
  const gate = state.gates.get(wait.on);
  if (gate) return gate.at === "closed";
  const target = state.services.get(wait.on);
  return target !== undefined && isFinal(target) && !isMet(state, wait);
}
