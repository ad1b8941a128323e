// What follows from an event after the boot. Pure, and part of the scheduler: here a final state is
// left again; what then waits is started by the rules of the boot.
import {
  failed,
  healthy,
  initialState,
  isHopeless,
  starting,
  waiting,
  type BootState,
  type FailedState,
  type ServiceState,
} from "./boot-state.ts";
import type { ServiceEvent } from "./boot-events.ts";
import type { StartNode, StartPlan } from "./start-plan.ts";

/** A service that ends by itself, or that the engine refused, is started again at most this often … */
export const MOST_RESTARTS = 5;
/** … within this time. */
export const RESTART_WINDOW_SECONDS = 600;

/**
 * Pause before that start. Whoever stopped the container has said so by then, and a program that
 * ends at once does not keep the engine busy.
 */
export const RESTART_PAUSE_SECONDS = 2;

/** Pause before a start that the engine refused is tried again; twice as long each time … */
const RETRY_PAUSE_SECONDS = 15;
/** … and never longer than this. */
const LONGEST_RETRY_PAUSE_SECONDS = 120;

/** What an answer depends on besides state and event. */
export interface Facts {
  readonly node: StartNode;
  /** Somebody told the engine to stop it since it was started last. */
  readonly asked: boolean;
  /** How often it was started again by itself, as far as that counts against the limit. */
  readonly recent: number;
  /** Time of the event since the run began. */
  readonly seconds: number;
}

/** The command that shows why a container ended. */
export function logsOf({ name }: StartNode): string {
  return `; look at: docker logs ${name}`;
}

/** The times that count against a limit within a window. */
export function recentTimes(
  times: readonly number[],
  seconds: number,
  windowSeconds: number,
): readonly number[] {
  return times.filter((at) => at > seconds - windowSeconds);
}

/** The state after an event that came after the boot; undefined where the boot's own rules hold. */
export function afterBoot(
  service: ServiceState,
  event: ServiceEvent,
  facts: Facts,
): ServiceState | undefined {
  if (event.kind === "removed") return { at: "stopped", removed: true };
  if (service.at === "doomed" || service.at === "stopping")
    return whileStopping(service, event, facts);
  switch (event.kind) {
    case "found":
      return afterLook(service, event, facts);
    case "up":
      return afterUp(service, facts);
    case "healthy":
      // The scheduler's own start is up to the scheduler, which knows what runs to its end.
      return runs(service) && service.at === "failed" ? healthy(facts) : undefined;
    case "unhealthy":
      if (service.at !== "healthy") return undefined;
      return failed(`it is unhealthy${logsOf(facts.node)}`, true);
    case "died":
      return afterDeath(service, event.exitCode, facts);
    case "asked":
      return service.at === "crashed" ? { at: "stopped", removed: false } : undefined;
    case "stopped":
    case "refused":
      return undefined;
  }
}

/**
 * The boot's rules hold for what we are stopping ourselves, but for one that goes away, that somebody
 * stopped before we did, and that is found stopped because the engine's answer came in a pause.
 */
function whileStopping(
  service: Extract<ServiceState, { at: "doomed" | "stopping" }>,
  event: ServiceEvent,
  { asked }: Facts,
): ServiceState | undefined {
  const found = event.kind === "found" ? event.as : undefined;
  if (found === "missing") return { at: "stopped", removed: true };
  if (event.kind !== "died" && found !== "stopped") return undefined;
  if (service.at === "doomed" && asked) return { at: "stopped", removed: false };
  return found === "stopped" ? waiting(service.checked) : undefined;
}

/**
 * Where a service goes by itself, now that the boot is over: what was held back waits again when
 * nothing is hopeless any more, what ended by itself during the boot counts as crashed, and a start
 * that the engine refused is tried again.
 */
export function whatReopens(
  state: BootState,
  service: ServiceState,
  facts: Facts,
): ServiceState | undefined {
  if (service.at === "failed" && service.ended === true) {
    return facts.asked ? { at: "stopped", removed: false } : crashed(facts.seconds);
  }
  if (service.at === "failed" && service.refused === true) return afterRefusal(service, facts);
  if (service.at !== "held") return undefined;
  const { waits } = facts.node;
  const isInTheWay = (on: string) => state.gates.get(on)?.at === "stale";
  if (waits.some((wait) => wait.hard && (isHopeless(state, wait) || isInTheWay(wait.on))))
    return undefined;
  return waiting(true);
}

/** Waits longer each time: what holds the engine up (a port, a device, a mount) may go away. */
function afterRefusal(service: FailedState, facts: Facts): ServiceState | undefined {
  if (facts.asked) return { at: "stopped", removed: false };
  if (service.retryAt !== undefined) return undefined;
  if (facts.recent >= MOST_RESTARTS) {
    const often = leftAlone(`was tried ${facts.recent + 1} times`);
    return failed(`${service.reason}; ${often}`, service.runs);
  }
  const pause = Math.min(RETRY_PAUSE_SECONDS * 2 ** facts.recent, LONGEST_RETRY_PAUSE_SECONDS);
  return { ...service, retryAt: facts.seconds + pause };
}

/** Why a service is not started again. */
export function leftAlone(often: string): string {
  return `it ${often} within ${RESTART_WINDOW_SECONDS / 60} minutes, and is left alone`;
}

/** Services that run without seeing a mount, and all that run and cannot without one of them. */
export function blindOnes(state: BootState, blind: readonly string[]): string[] {
  const doomed = new Set(blind.filter((name) => runs(state.services.get(name))));
  for (let before = -1; before !== doomed.size;) {
    before = doomed.size;
    for (const { name, waits } of state.plan.services.values()) {
      if (!runs(state.services.get(name))) continue;
      if (waits.some(({ hard, on }) => hard && doomed.has(on))) doomed.add(name);
    }
  }
  return [...doomed];
}

/**
 * The state of a run that begins after the boot, which another program or run has done: everything
 * is taken as it is found.
 * @param pending services that the run before had still to start; those do start when all they need
 *   is there
 */
export function joined(plan: StartPlan, pending: readonly string[]): BootState {
  const before = initialState(plan);
  const services = [...before.services].map(([name, state]) => {
    return [name, pending.includes(name) ? waiting(true) : state] as const;
  });
  return { ...before, services: new Map(services), staying: true };
}

/**
 * The state under a plan that a deployment wrote meanwhile. A service that is new in it is looked at
 * first; one that is gone is nobody's business any more.
 * @param seconds when the new plan was read
 */
export function underPlan(before: BootState, plan: StartPlan, seconds: number): BootState {
  const services = [...plan.services.keys()].map((name) => {
    return [name, before.services.get(name) ?? ({ at: "unseen" } as const)] as const;
  });
  const gates = [...plan.gates].map(([name, { condition }]) => {
    const known = JSON.stringify(before.plan.gates.get(name)?.condition);
    const state = known === JSON.stringify(condition) ? before.gates.get(name) : undefined;
    return [name, state ?? ({ at: "unknown", from: seconds } as const)] as const;
  });
  return { ...before, plan, services: new Map(services), gates: new Map(gates) };
}

/** Whether its container runs, as far as the engine said. */
export function runs(service: ServiceState | undefined): boolean {
  if (service?.at === "failed") return service.runs;
  return service?.at === "healthy" || (service?.at === "starting" && service.up);
}

/** Looked at anew, because it may not have been heard what happened meanwhile. */
function afterLook(
  service: ServiceState,
  event: Extract<ServiceEvent, { kind: "found" }>,
  facts: Facts,
): ServiceState | undefined {
  const as =
    event.checked || event.as === "missing" || event.as === "stopped" ? event.as : "healthy";
  switch (as) {
    case "missing":
      return { at: "stopped", removed: true };
    case "stopped":
      // One that was there before, and had not to run, goes on as it was.
      if (service.at === "unseen") return { at: "stopped", removed: false };
      if (!runs(service)) return service;
      return facts.asked ? { at: "stopped", removed: false } : crashed(facts.seconds);
    case "starting":
      return service.at === "starting" && service.up
        ? service
        : starting(facts, { checked: event.checked, up: true });
    case "healthy":
      if (service.at === "healthy") return service;
      return facts.node.endsByItself
        ? starting(facts, { checked: event.checked, up: true, works: true })
        : healthy(facts);
    case "unhealthy":
      if (service.at === "failed" && service.runs) return service;
      return failed(`it is unhealthy${logsOf(facts.node)}`, true);
  }
}

/** Somebody started it, or the engine did after a crash: a deployment is never contradicted. */
function afterUp(service: ServiceState, facts: Facts): ServiceState | undefined {
  switch (service.at) {
    case "waiting":
    case "held":
    case "stopped":
    case "completed":
    case "crashed":
    case "unseen":
      return starting(facts, { up: true });
    case "failed":
      // It counts again when it is healthy; a crash loop would be told at each turn.
      if (service.loops) return { ...service, runs: true };
      return service.runs ? service : starting(facts, { up: true });
    case "starting":
    case "healthy":
    case "running":
    case "doomed":
    case "stopping":
      return undefined;
  }
}

function afterDeath(
  service: ServiceState,
  exitCode: number,
  facts: Facts,
): ServiceState | undefined {
  if (!runs(service)) return undefined;
  if (facts.asked) return { at: "stopped", removed: false };
  if (exitCode === 0) {
    return facts.node.endsByItself
      ? { at: "completed", since: facts.seconds }
      : crashed(facts.seconds);
  }
  // The engine starts it again.
  if (service.at === "failed") return { ...service, runs: false };
  return service.at === "healthy" ? starting(facts, { crashes: 1 }) : undefined;
}

function crashed(seconds: number): ServiceState {
  return { at: "crashed", until: seconds + RESTART_PAUSE_SECONDS };
}
