import { UserError } from "../../model/errors.ts";
import type { Graph, GraphEdge, GraphNode } from "../../model/graph.ts";
import { findCycle, requirementTarget } from "../../model/graph.ts";
import type { HostPlan, PlannedGate, PlannedService } from "../../model/host-plan.ts";
import { criticalPath, topologicalLevels } from "../../model/orders.ts";

/**
 * A start that takes the engine longer than this no longer keeps others waiting: it hangs, on a
 * dead device or mount.
 */
export const START_HANGS_SECONDS = 10;

/** Longest wait for the Docker daemon after its unit is up. */
export const ENGINE_WAIT_SECONDS = 60;

/** A stop that takes this much longer than the container's grace has failed. */
export const STOP_MARGIN_SECONDS = 30;

/** What a service waits for on this host. */
export interface Wait {
  /** A service ("mosquitto") or a gate ("gate:nas-media"). */
  readonly on: string;
  readonly condition: PlannedService["requires"][number]["condition"];
  /** Without it the service is not started at all. */
  readonly hard: boolean;
  /** A soft wait ends this long after the last hard one. */
  readonly limitSeconds: number;
}

/** A service and what it waits for. */
export interface StartNode {
  readonly name: string;
  readonly waits: readonly Wait[];
  /** Requirements on other hosts. They are not waited for: booting needs no network. */
  readonly elsewhere: readonly string[];
  /** Longest time from its start until it is healthy. */
  readonly deadlineSeconds: number;
  readonly stopGraceSeconds: number;
  /** Something waits until it has run to its end, so ending is no failure. */
  readonly endsByItself: boolean;
}

/** How to start. */
export interface StartOptions {
  /**
   * So many containers are being started at the same time; the next is started when one runs.
   * @default any number
   */
  readonly startsAtOnce?: number;
}

/** In which order a host's services may start. */
export interface StartPlan {
  readonly host: string;
  /** The most urgent first: who has the longest chain of services waiting behind it. */
  readonly services: ReadonlyMap<string, StartNode>;
  /** See StartOptions. */
  readonly startsAtOnce: number;
  /** Gates that a service waits for, by "gate:<name>". */
  readonly gates: ReadonlyMap<string, PlannedGate>;
  /** Services and gates; each stands in the first level after all it waits for. */
  readonly levels: readonly (readonly string[])[];
}

/**
 * The start plan in a host plan.
 * @throws UserError HL-PLAN when it waits for something unknown, or for itself
 */
export function startPlan(plan: HostPlan, options: StartOptions = {}): StartPlan {
  const known = new Set([
    ...plan.services.map((service) => service.name),
    ...plan.gates.map((gate) => `gate:${gate.name}`),
  ]);
  const awaitedEnds = new Set(
    plan.services.flatMap(({ requires }) =>
      requires.flatMap(({ on, condition }) => (condition === "completed" ? [on] : [])),
    ),
  );
  const services = new Map(
    plan.services.map((service) => {
      const endsByItself = awaitedEnds.has(service.name);
      return [service.name, { ...startNode(plan.host, service, known), endsByItself }];
    }),
  );
  const waitedFor = new Set(
    [...services.values()].flatMap(({ waits }) => waits.map(({ on }) => on)),
  );
  const gates = new Map(
    plan.gates
      .map((gate) => [`gate:${gate.name}`, gate] as const)
      .filter(([name]) => waitedFor.has(name)),
  );
  const graph = graphOf(plan, services, gates);
  const cycle = findCycle(graph);
  if (cycle) {
    throw new UserError(
      "HL-PLAN",
      `the plan waits for itself: ${cycle.join(" -> ")}; deploy the host again`,
    );
  }
  return {
    host: plan.host,
    services: byUrgency(services, graph),
    startsAtOnce: options.startsAtOnce ?? Infinity,
    gates,
    levels: topologicalLevels(graph),
  };
}

/** Sorted by the number of services that come one after another behind each. */
function byUrgency(services: StartPlan["services"], graph: Graph): StartPlan["services"] {
  const edges = graph.edges.map((edge) => ({ ...edge, from: edge.to, to: edge.from }));
  const levels = topologicalLevels({ nodes: graph.nodes, edges });
  const behind = new Map(levels.flatMap((names, level) => names.map((name) => [name, level])));
  const urgency = (name: string) => behind.get(name) ?? 0;
  return new Map([...services].sort(([a], [b]) => urgency(b) - urgency(a)));
}

function startNode(
  host: string,
  service: PlannedService,
  known: ReadonlySet<string>,
): Omit<StartNode, "endsByItself"> {
  const waits: Wait[] = [];
  const elsewhere: string[] = [];
  for (const requirement of service.requires) {
    const target = requirementTarget(host, requirement.on);
    if (!target.startsWith(`${host}/`)) {
      elsewhere.push(target);
      continue;
    }
    const on = target.slice(host.length + 1);
    if (!known.has(on)) {
      throw new UserError(
        "HL-PLAN",
        `"${service.name}" waits for "${on}", which is not in the plan; deploy the host again`,
      );
    }
    const { condition, strength, limitSeconds } = requirement;
    waits.push({ on, condition, hard: strength === "hard", limitSeconds });
  }
  return {
    name: service.name,
    waits,
    elsewhere,
    deadlineSeconds: service.health.deadlineSeconds,
    stopGraceSeconds: service.stopGraceSeconds,
  };
}

function graphOf(
  plan: HostPlan,
  services: StartPlan["services"],
  gates: StartPlan["gates"],
): Graph {
  const nodes = new Map<string, GraphNode>();
  for (const id of gates.keys()) nodes.set(id, { id, host: plan.host, kind: "gate", phase: 0 });
  for (const { name, phase } of plan.services) {
    nodes.set(name, { id: name, host: plan.host, kind: "service", phase });
  }
  const edges = [...services.values()].flatMap(({ name, waits }) =>
    waits.map(({ on, condition, hard }): GraphEdge => ({
      from: name,
      to: on,
      condition,
      strength: hard ? "hard" : "soft",
    })),
  );
  return { nodes, edges };
}

/**
 * The longest a run can take, for the unit's start timeout: everything on the longest chain uses
 * its whole limit, every start hangs, and everything had to be stopped first.
 */
export function longestRunSeconds(plan: HostPlan): number {
  const { services, gates } = startPlan(plan);
  const graph = graphOf(plan, services, gates);
  const starts = criticalPath(graph, (id) => {
    const gate = gates.get(id);
    if (gate) return gate.limitSeconds;
    const node = services.get(id);
    const soft =
      node?.waits.filter(({ hard }) => !hard).map(({ limitSeconds }) => limitSeconds) ?? [];
    return (node?.deadlineSeconds ?? 0) + Math.max(0, ...soft);
  });
  const stops = criticalPath(
    graph,
    (id) => (services.get(id)?.stopGraceSeconds ?? 0) + STOP_MARGIN_SECONDS,
  );
  const hanging = services.size * START_HANGS_SECONDS;
  return ENGINE_WAIT_SECONDS + starts.seconds + stops.seconds + hanging;
}
