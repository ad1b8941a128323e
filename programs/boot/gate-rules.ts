// What becomes of gates. Pure, and part of the scheduler.
import type { GateEvent } from "./boot-events.ts";
import type { BootState, GateState } from "./boot-state.ts";
import type { StartNode } from "./start-plan.ts";

/** The state of a gate after a look at it; undefined where that changes nothing. */
export function afterVerdict(
  gate: GateState,
  event: GateEvent,
  { staying, seconds }: { readonly staying: boolean; readonly seconds: number },
): GateState | undefined {
  if (
    gate.at === "stale" ||
    gate.at === "open" ||
    (gate.at === "closed" && !(staying && event.open))
  )
    return undefined;
  if (event.open) return { at: "open", since: seconds, blind: event.blind ?? [] };
  const from = gate.at !== "closed" && gate.from !== undefined ? { from: gate.from } : {};
  return { at: "shut", seen: event.seen, ...from };
}

/** The state of a gate whose mount was renewed, and not looked at yet. */
export function afterRenewal(
  gate: Extract<GateState, { at: "stale" }>,
  seconds: number,
): GateState {
  if (gate.was === "another") return { at: "unknown", from: seconds };
  return { at: "closed", seen: "it was mounted anew, and not looked at since" };
}

/** The gates whose limit has run out, as they are from now on. */
export function runOut({ gates, plan }: BootState, seconds: number): [string, GateState][] {
  return [...gates].flatMap(([name, gate]): [string, GateState][] => {
    if (gate.at !== "unknown" && gate.at !== "shut") return [];
    const limit = plan.gates.get(name)?.limitSeconds ?? 0;
    if (seconds < (gate.from ?? 0) + limit) return [];
    const seen = gate.at === "shut" ? gate.seen : "it did not answer";
    return [[name, { at: "closed", seen }]];
  });
}

/**
 * The gates that have to be looked at again before a service is started: those that were open once
 * may have closed since, and only what was seen just now counts.
 */
export function toLookAtAgain(
  { gates }: BootState,
  { waits }: StartNode,
  seconds: number,
): [string, GateState][] {
  return waits.flatMap(({ on }): [string, GateState][] => {
    const gate = gates.get(on);
    if (gate?.at !== "open" || gate.since === seconds) return [];
    return [[on, { at: "unknown", from: seconds }]];
  });
}
