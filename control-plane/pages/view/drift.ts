// What is other than declared: beside how well it is, and never the same.
import type { Difference, HostDrift } from "../../contract/drift.ts";
import { isKnown } from "../../contract/fitness.ts";
import type { State } from "../../contract/page-api.ts";
import type { Node } from "./nodes.ts";
import type { Condition, Knowledge } from "./tone.ts";
import { hasCompared } from "./verdict.ts";
import { WORDS } from "../words.ts";

const SAYS = WORDS.drift;

/** A host, and whether it is as declared. */
export interface DriftOfHost extends Condition {
  readonly host: string;
  /** The full look by which it was compared; null when it never was. */
  readonly looked: string | null;
}

/** One thing that is other than declared. */
export interface DriftRow {
  readonly id: string;
  readonly host: string;
  /** Null for the plan of the host. */
  readonly service: string | null;
  readonly kind: Difference["kind"] | "unplanned";
  /** Null where nothing is declared. */
  readonly declared: string | null;
  /** Null where there is nothing of ours. */
  readonly found: string | null;
  readonly at: string;
  /** Whether that need not be so any more. */
  readonly isOld: boolean;
}

/** Each host, in the order in which they are shown everywhere. */
export function driftOfHosts(state: State, knowledge: Knowledge): DriftOfHost[] {
  return state.hosts.map(({ host }) => {
    const drift = driftOn(state, host);
    const condition = conditionOf(drift, rowsOn(state, host, false).length, state, knowledge);
    return { host, looked: drift?.looked ?? null, ...condition };
  });
}

/** All that differs, host by host; the plan of a host first. */
export function driftRows(state: State, knowledge: Knowledge): DriftRow[] {
  return state.hosts.flatMap(({ host }) => {
    const isSure = conditionOf(driftOn(state, host), 0, state, knowledge).tone !== "unknown";
    return rowsOn(state, host, !isSure);
  });
}

/** Whether a service is as declared; undefined for what is not declared that way, as a mount. */
export function driftOfNode(
  { host, name, kind, service }: Pick<Node, "host" | "name" | "kind" | "service">,
  state: State,
  knowledge: Knowledge,
): Condition | undefined {
  if (kind === "gate") return undefined;
  const drift = driftOn(state, host);
  const whole = conditionOf(drift, 0, state, knowledge);
  if (!drift || whole.tone === "unknown") return { tone: "unknown", word: SAYS.unsure };
  if (service?.planned === false) return { tone: "idle", word: SAYS.kind.unplanned };
  if (drift.differences.some((each) => each.service === null)) {
    return { tone: "busy", word: SAYS.otherPlan };
  }
  const found = drift.differences.find((each) => each.service === name);
  if (found) return { tone: "busy", word: SAYS.kind[found.kind] };
  return service?.container == null
    ? { tone: "idle", word: SAYS.nothingToCompare }
    : { tone: "good", word: SAYS.asDeclared };
}

function driftOn({ drift }: State, host: string): HostDrift | undefined {
  return drift.find((each) => each.host === host);
}

function conditionOf(
  drift: HostDrift | undefined,
  count: number,
  state: State,
  { old }: Knowledge,
): Condition {
  const unknown = (word: string): Condition => ({ tone: "unknown", word });
  if (old !== null || !hasCompared(state) || state.supervisor.blind !== null) {
    return unknown(SAYS.silent);
  }
  if (!drift) return unknown(SAYS.never);
  if (drift.withheld !== null) return unknown(SAYS.notCompared(drift.withheld));
  return count === 0
    ? { tone: "good", word: SAYS.asDeclared }
    : { tone: "busy", word: SAYS.differs(count) };
}

function rowsOn(state: State, host: string, isOld: boolean): DriftRow[] {
  const declared = (driftOn(state, host)?.differences ?? []).map((each): DriftRow => {
    return { id: `${host}/${each.service ?? ""} ${each.kind}`, host, isOld, ...each };
  });
  const world = state.hosts.find((each) => each.host === host);
  const extra = Object.entries(world?.services ?? {}).flatMap(([name, service]): DriftRow[] => {
    const { planned, container } = service;
    // A container that nobody here made is no drift: it has no mark of a declaration.
    if (!world || planned !== false || container?.spec == null) return [];
    return [
      {
        id: `${host}/${name} unplanned`,
        host,
        service: name,
        kind: "unplanned",
        declared: null,
        found: container.spec,
        at: container.at,
        isOld: isOld || !isKnown(world),
      },
    ];
  });
  return [...declared, ...extra];
}
