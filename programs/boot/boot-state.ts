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
  | { readonly at: "closed"; readonly seen: string }
  /**
   * Its mount is stale, and is renewed (`underWay`) once who runs above it has stopped. `was`: whether
   * its limit had run out before.
   */
  | {
      readonly at: "stale";
      readonly seen: string;
      readonly was: "closed" | "another";
      readonly underWay: boolean;
    };

/** What is remembered of a gate's mount. Times are seconds since the run began. */
export interface MountMemory {
  /** When it was first seen stale; undefined when it was last seen in another way. */
  readonly staleSince?: number;
  /** When it was renewed; only those that count against the limit. */
  readonly renewals: readonly number[];
  /** What the last look showed; undefined when all was well. */
  readonly seen?: string;
  /** It went stale too often, and is not renewed. */
  readonly leftAlone?: boolean;
}

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
 * again only once it is healthy. `ended`: by itself, without an error. `refused`: the engine did not
 * start it; after the boot that is tried again at `retryAt`.
 */
export interface FailedState {
  readonly at: "failed";
  readonly reason: string;
  readonly runs: boolean;
  readonly loops?: boolean;
  readonly ended?: boolean;
  readonly refused?: boolean;
  readonly retryAt?: number;
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

/** The state of a service that is stopped, and of which nothing it waits for is looked at yet. */
export function waiting(checked: boolean): WaitingState {
  return { at: "waiting", checked, trace: {} };
}

/** The state of a service that has just become healthy. */
export function healthy({ seconds }: Pick<Moment, "seconds">): ServiceState {
  return { at: "healthy", since: seconds, kept: false };
}

/**
 * The state of a service that failed.
 * @param runs whether its container runs all the same. @default false
 */
export function failed(reason: string, runs = false): FailedState {
  return { at: "failed", reason, runs };
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
  /** Of services that were started again by themselves. */
  readonly restarts: ReadonlyMap<string, Restarts>;
  /** By gate, of mounts that were looked at after the boot. */
  readonly mounts: ReadonlyMap<string, MountMemory>;
}

/** How often a service was started again. */
export interface Restarts {
  /** Since the run began. */
  readonly total: number;
  /** When; only those that count against the limit. */
  readonly recent: readonly number[];
}

/** The state before anything is known. */
export function initialState(plan: StartPlan): BootState {
  return {
    plan,
    services: new Map([...plan.services.keys()].map((name) => [name, { at: "unseen" } as const])),
    gates: new Map([...plan.gates.keys()].map((name) => [name, { at: "unknown" } as const])),
    staying: false,
    asked: new Set(),
    restarts: new Map(),
    mounts: new Map(),
  };
}

/** Whether nothing can happen to it any more in a boot. */
export function isFinal({ at }: ServiceState): boolean {
  return (
    at === "healthy" || at === "completed" || at === "failed" || at === "held" || at === "stopped"
  );
}

/** Whether every service ended in its one final state. */
export function isDone(state: BootState): boolean {
  return [...state.services.values()].every(isFinal);
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
