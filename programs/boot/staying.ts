// What follows from an event after the boot. Pure, and part of the scheduler: here a final state is
// left again; what then waits is started by the rules of the boot.
import { healthy, isHopeless, starting, type BootState, type ServiceState } from "./boot-state.ts";
import type { ServiceEvent } from "./boot-events.ts";
import type { StartNode, StartPlan } from "./start-plan.ts";

/** A service that ends by itself without an error is started again at most this often … */
export const MOST_RESTARTS = 5;
/** … within this time. */
export const RESTART_WINDOW_SECONDS = 600;

/**
 * Pause before that start. Whoever stopped the container has said so by then, and a program that
 * ends at once does not keep the engine busy.
 */
export const RESTART_PAUSE_SECONDS = 2;

/** What an answer depends on besides state and event. */
export interface Facts {
  readonly node: StartNode;
  /** Somebody told the engine to stop it since it was started last. */
  readonly asked: boolean;
  /** Time of the event since the run began. */
  readonly seconds: number;
}

/** The command that shows why a container ended. */
export function logsOf({ name }: StartNode): string {
  return `; look at: docker logs ${name}`;
}

/** The restarts that count against the limit. */
export function recentRestarts(restarts: readonly number[], seconds: number): readonly number[] {
  return restarts.filter((at) => at > seconds - RESTART_WINDOW_SECONDS);
}

/** The state after an event that came after the boot; undefined where the boot's own rules hold. */
export function afterBoot(
  service: ServiceState,
  event: ServiceEvent,
  facts: Facts,
): ServiceState | undefined {
  // What we are stopping ourselves follows the boot's rules, but for a container that goes away.
  if (event.kind === "removed") return { at: "stopped", removed: true };
  if (service.at === "doomed" || service.at === "stopping") return undefined;
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
      return { at: "failed", reason: `it is unhealthy${logsOf(facts.node)}`, runs: true };
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
 * Where a service goes by itself, now that the boot is over: what was held back waits again when
 * nothing is hopeless any more, and what ended by itself during the boot counts as crashed.
 */
export function whatReopens(
  state: BootState,
  service: ServiceState,
  { node, asked, seconds }: Facts,
): ServiceState | undefined {
  if (service.at === "failed" && service.ended === true) {
    return asked ? { at: "stopped", removed: false } : crashed(seconds);
  }
  if (service.at !== "held") return undefined;
  if (node.waits.some((wait) => wait.hard && isHopeless(state, wait))) return undefined;
  return { at: "waiting", checked: true, trace: {} };
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
  const services = [...plan.services.keys()].map((name) => {
    const state: ServiceState = pending.includes(name)
      ? { at: "waiting", checked: true, trace: {} }
      : { at: "unseen" };
    return [name, state] as const;
  });
  const gates = [...plan.gates.keys()].map((name) => [name, { at: "unknown" } as const] as const);
  return {
    plan,
    services: new Map(services),
    gates: new Map(gates),
    staying: true,
    asked: new Set(),
    restarts: new Map(),
  };
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

function runs(service: ServiceState | undefined): boolean {
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
      return { at: "failed", reason: `it is unhealthy${logsOf(facts.node)}`, runs: true };
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
