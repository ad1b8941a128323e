// Which limits run, and until when. Pure, and part of the scheduler.
import { isHopeless, isMet, type BootState, type ServiceState } from "./boot-state.ts";
import { START_HANGS_SECONDS, type Wait } from "./start-plan.ts";

/**
 * When the next limit runs out, in seconds since the run began; undefined when none runs.
 * @param seconds time of the last step; what ran out by then has had its effect
 */
export function nextDeadline(state: BootState, seconds: number): number | undefined {
  const limits = [...state.services].flatMap(([name, service]): number[] => {
    if (service.at === "stopping" || service.at === "crashed") return [service.until];
    if (service.at === "failed") return service.retryAt === undefined ? [] : [service.retryAt];
    if (service.at === "starting") return [service.startedAt + START_HANGS_SECONDS, service.until];
    if (service.at !== "waiting" || service.hardMetAt === undefined) return [];
    // It starts when the last of them is over.
    const longest = Math.max(...openSoftWaits(state, name).map((wait) => wait.limitSeconds));
    return longest > 0 ? [service.hardMetAt + longest] : [];
  });
  for (const [name, gate] of state.gates) {
    const limit = state.plan.gates.get(name)?.limitSeconds;
    if (limit === undefined || (gate.at !== "unknown" && gate.at !== "shut")) continue;
    limits.push((gate.from ?? 0) + limit);
  }
  const coming = limits.filter((limit) => limit > seconds);
  return coming.length === 0 ? undefined : Math.min(...coming);
}

/** What a service can do without, is not there, and may still come. */
export function openSoftWaits(state: BootState, name: string): Wait[] {
  const waits = state.plan.services.get(name)?.waits ?? [];
  return waits.filter((wait) => !wait.hard && !isMet(state, wait) && !isHopeless(state, wait));
}

/** How many containers the engine is starting just now, as far as it answers. */
export function startsUnderWay(services: Iterable<ServiceState>, seconds: number): number {
  return [...services].filter((service) => isStartUnderWay(service, seconds)).length;
}

/** Whether the engine has been told to start it, has not said that it runs, and does not hang. */
function isStartUnderWay(service: ServiceState, seconds: number): boolean {
  if (service.at !== "starting" || service.up || service.crashes > 0) return false;
  return seconds < service.startedAt + START_HANGS_SECONDS;
}
