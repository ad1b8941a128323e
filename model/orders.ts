import {
  dependentsOf,
  findCycle,
  requirementsOf,
  type Graph,
  type GraphEdge,
  type GraphNode,
} from "./graph.ts";

/**
 * The nodes in levels: every node stands in the first level after all it needs.
 * @throws Error when the graph has a cycle; `validate` reports it before anyone comes here
 */
export function topologicalLevels(graph: Graph): string[][] {
  const cycle = findCycle(graph);
  if (cycle) throw new Error(`the graph has a cycle: ${cycle.join(" -> ")}`);
  const needs = requirementsOf(graph);
  const level = new Map<string, number>();
  const levelOf = (id: string): number => {
    const known = level.get(id);
    if (known !== undefined) return known;
    const deeper = (needs.get(id) ?? []).filter((edge) => graph.nodes.has(edge.to));
    const own = deeper.reduce((most, edge) => Math.max(most, levelOf(edge.to) + 1), 0);
    level.set(id, own);
    return own;
  };
  const levels: string[][] = [];
  for (const id of graph.nodes.keys()) (levels[levelOf(id)] ??= []).push(id);
  return levels;
}

/** One order in which everything can start: by level, then by documented phase, then by name. */
export function startOrder(graph: Graph): string[] {
  return topologicalLevels(graph).flatMap((ids) => [...ids].sort(byPhaseThenName(graph)));
}

/** The order in which everything can stop: the start order backwards. */
export function stopOrder(graph: Graph): string[] {
  return startOrder(graph).reverse();
}

function byPhaseThenName(graph: Graph): (a: string, b: string) => number {
  const phase = (id: string) => graph.nodes.get(id)?.phase ?? 0;
  return (a, b) => phase(a) - phase(b) || a.localeCompare(b);
}

/** The longest chain of nodes that have to wait for each other. */
export interface CriticalPath {
  /** From the first to start to the last. */
  readonly path: readonly string[];
  /** Seconds from the start of the first to the readiness of the last. */
  readonly seconds: number;
}

/**
 * The critical path, given how long each node takes from its start until others may go on.
 * @param secondsOf time of one node; all zero gives the longest chain by number of nodes
 */
export function criticalPath(graph: Graph, secondsOf: (id: string) => number): CriticalPath {
  const needs = requirementsOf(graph);
  const best = new Map<string, { seconds: number; length: number; before?: string }>();
  for (const id of startOrder(graph)) {
    let chosen: { seconds: number; length: number; before?: string } = { seconds: 0, length: 0 };
    for (const edge of needs.get(id) ?? []) {
      const candidate = best.get(edge.to);
      if (!candidate) continue;
      const longer =
        candidate.seconds > chosen.seconds ||
        (candidate.seconds === chosen.seconds && candidate.length > chosen.length);
      if (longer) chosen = { ...candidate, before: edge.to };
    }
    best.set(id, {
      seconds: chosen.seconds + secondsOf(id),
      length: chosen.length + 1,
      ...(chosen.before === undefined ? {} : { before: chosen.before }),
    });
  }
  const [last] = [...best.entries()].sort(
    ([, a], [, b]) => b.seconds - a.seconds || b.length - a.length,
  );
  if (!last) return { path: [], seconds: 0 };
  const path: string[] = [];
  for (let id: string | undefined = last[0]; id !== undefined; id = best.get(id)?.before) {
    path.unshift(id);
  }
  return { path, seconds: last[1].seconds };
}

/** What one missing node does to the others. */
export interface Breakage {
  /** Cannot run: they need it, directly or through others, by hard edges alone. */
  readonly broken: readonly string[];
  /** Run with something missing: a soft edge leads to it or to a broken node. */
  readonly degraded: readonly string[];
}

/**
 * What breaks, and what only suffers, when the node is down.
 * @param dependents of the graph, for who asks about many nodes. @default computed
 */
export function breakageWithout(
  graph: Graph,
  id: string,
  dependents: ReadonlyMap<string, readonly GraphEdge[]> = dependentsOf(graph),
): Breakage {
  const broken = new Set<string>();
  const queue = [id];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const edge of dependents.get(next) ?? []) {
      if (edge.strength !== "hard" || broken.has(edge.from)) continue;
      broken.add(edge.from);
      queue.push(edge.from);
    }
  }
  const degraded = new Set<string>();
  for (const down of [id, ...broken]) {
    for (const edge of dependents.get(down) ?? []) {
      if (edge.from !== id && !broken.has(edge.from)) degraded.add(edge.from);
    }
  }
  return { broken: [...broken].sort(), degraded: [...degraded].sort() };
}

/** An edge that leads from an earlier documented phase into a later one of the same host. */
export function phaseViolations(graph: Graph): { from: GraphNode; to: GraphNode }[] {
  return graph.edges.flatMap((edge) => {
    const from = graph.nodes.get(edge.from);
    const to = graph.nodes.get(edge.to);
    const wrong = from && to && from.host === to.host && to.phase > from.phase;
    return wrong ? [{ from, to }] : [];
  });
}
