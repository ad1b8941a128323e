// What the orchestrator knows of gates, and of who is held back by what.
import type { Happening, Look } from "../../../control-plane/contract/events.ts";
import { asLine, thingName } from "../../../control-plane/contract/words.ts";
import type { BootState, GateState } from "../boot-state.ts";

/** What of a boot's state is told. */
export interface Standing {
  readonly gates: Look["gates"];
  readonly held: Look["held"];
}

/** Before anything is known. */
export const NOTHING_STANDS: Standing = { gates: [], held: [] };

/** What stands in a state. A gate that was not looked at yet is neither open nor closed. */
export function standingIn(state: BootState): Standing {
  const gates = [...state.gates].flatMap(([node, gate]) => {
    const name = node.replace(/^gate:/, "");
    const seen = whyClosed(gate);
    if (seen === undefined || !thingName.safeParse(name).success) return [];
    return [{ gate: name, open: gate.at === "open", seen: asLine(seen) }];
  });
  const held = [...state.services].flatMap(([service, at]) => {
    if (at.at !== "held" || !thingName.safeParse(service).success) return [];
    return [{ service, by: asLine(at.by) }];
  });
  return { gates, held };
}

/** What to tell when one standing follows another. */
export function changesBetween(before: Standing, after: Standing): Happening[] {
  const gates = after.gates.filter((gate) => {
    return !before.gates.some((was) => JSON.stringify(was) === JSON.stringify(gate));
  });
  const held = after.held.filter(({ service, by }) => {
    return !before.held.some((was) => was.service === service && was.by === by);
  });
  const free = before.held.filter((was) => {
    return !after.held.some(({ service }) => service === was.service);
  });
  return [
    ...gates.map((gate): Happening => ({ kind: "gate", ...gate })),
    ...held.map((each): Happening => ({ kind: "held", ...each })),
    ...free.map(({ service }): Happening => ({ kind: "held", service, by: null })),
  ];
}

function whyClosed(gate: GateState): string | undefined {
  switch (gate.at) {
    case "unknown":
      return undefined;
    case "open":
      return "";
    case "shut":
    case "closed":
      return gate.seen;
    case "stale":
      return `stale, and mounted anew: ${gate.seen}`;
  }
}
