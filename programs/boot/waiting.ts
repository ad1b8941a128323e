// When a service that is stopped may start. Pure, and part of the scheduler.
import {
  isHopeless,
  isMet,
  starting,
  type BootState,
  type ServiceState,
  type WaitingState,
} from "./boot-state.ts";
import { openSoftWaits } from "./limits.ts";
import type { StartNode, Wait } from "./start-plan.ts";

/** What the answer depends on besides the state. */
interface WaitingMoment {
  readonly node: StartNode;
  readonly seconds: number;
  /** How many containers the engine is starting just now. */
  readonly startsUnderWay: () => number;
}

/**
 * The next state of a service that waits; undefined when it goes on as it is. One that comes out as
 * "starting" has to be started now.
 */
export function whileWaiting(
  state: BootState,
  service: WaitingState,
  { node, seconds, startsUnderWay }: WaitingMoment,
): ServiceState | undefined {
  const hopeless = node.waits.find((wait) => wait.hard && isHopeless(state, wait));
  if (hopeless) return { at: "held", by: hopeless.on };
  const trace = { ...service.trace };
  for (const wait of node.waits) {
    if (isMet(state, wait) && trace[wait.on] === undefined) trace[wait.on] = seconds;
  }
  const changed = Object.keys(trace).length !== Object.keys(service.trace).length;
  const waiting = changed ? { ...service, trace } : undefined;
  if (node.waits.some((wait) => isInTheWay(state, wait))) {
    // One that was there and is lost again: the soft limits count from when it is back.
    const { hardMetAt: lost, ...still } = { ...service, trace };
    return lost === undefined ? waiting : still;
  }
  const hardMetAt = service.hardMetAt ?? seconds;
  const open = openSoftWaits(state, node.name);
  if (open.some((wait) => seconds < hardMetAt + wait.limitSeconds)) {
    return service.hardMetAt === undefined ? { ...service, trace, hardMetAt } : waiting;
  }
  if (startsUnderWay() >= state.plan.startsAtOnce) return waiting;
  const without = node.waits.filter((wait) => !isMet(state, wait)).map((wait) => wait.on);
  return starting({ node, seconds }, { checked: service.checked, trace, without });
}

/** Whoever started above a stale mount would be given that one, also if it could do without. */
function isInTheWay(state: BootState, wait: Wait): boolean {
  return (wait.hard && !isMet(state, wait)) || state.gates.get(wait.on)?.at === "stale";
}
