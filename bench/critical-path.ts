import type { StartTime } from "../hosts/engine-events.ts";
import type { Graph, GraphEdge, GraphNode } from "../model/graph.ts";
import { requirementsOf } from "../model/graph.ts";
import { criticalPath, topologicalLevels, type CriticalPath } from "../model/orders.ts";

/** Ends the id of the moment in which a service starts, as against being healthy. */
const START = "#start";

/**
 * The shortest time in which a graph can be brought up, given how long each service was seen to
 * take from its start until it was healthy: the longest chain of what has to wait for each other.
 * Who waits only for a start does not wait for health. Gates count nothing: they were open.
 * @param times by container name, of the services of `host`
 */
export function measuredCriticalPath(
  graph: Graph,
  host: string,
  times: ReadonlyMap<string, StartTime>,
): CriticalPath {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  for (const node of graph.nodes.values()) {
    nodes.set(node.id, node);
    const start = `${node.id}${START}`;
    nodes.set(start, { ...node, id: start });
    edges.push({ from: node.id, to: start, condition: "started", strength: "hard" });
  }
  for (const edge of graph.edges) {
    const to = edge.condition === "started" ? `${edge.to}${START}` : edge.to;
    edges.push({ ...edge, from: `${edge.from}${START}`, to });
  }
  const { path, seconds } = criticalPath({ nodes, edges }, (id) => {
    const time = times.get(id.slice(host.length + 1));
    return time ? time.healthy - time.started : 0;
  });
  return { path: path.filter((id) => !id.endsWith(START) && !id.includes("/gate:")), seconds };
}

/** How the services of one level of the graph came up; seconds since the measurement began. */
export interface LevelTimes {
  readonly level: number;
  readonly services: number;
  readonly firstStarted: number;
  readonly lastStarted: number;
  readonly lastHealthy: number;
  /** The one that was healthy last. */
  readonly last: string;
}

/** Level by level: when the first started, and when the last was healthy. */
export function levelTimes(
  graph: Graph,
  host: string,
  times: ReadonlyMap<string, StartTime>,
): LevelTimes[] {
  return topologicalLevels(graph).flatMap((ids, level) => {
    const seen = ids.flatMap((id) => {
      const name = id.slice(host.length + 1);
      const time = times.get(name);
      return time ? [{ name, ...time }] : [];
    });
    const last = [...seen].sort((a, b) => b.healthy - a.healthy)[0];
    if (!last) return [];
    return [
      {
        level: level + 1,
        services: seen.length,
        firstStarted: Math.min(...seen.map(({ started }) => started)),
        lastStarted: Math.max(...seen.map(({ started }) => started)),
        lastHealthy: last.healthy,
        last: last.name,
      },
    ];
  });
}

/**
 * Seconds that each service started later than it could have: after the last thing it waits for
 * was there. Services that wait for none are measured from the first start of all.
 */
export function startLags(
  graph: Graph,
  host: string,
  times: ReadonlyMap<string, StartTime>,
): Map<string, number> {
  const first = Math.min(...[...times.values()].map(({ started }) => started));
  const needs = requirementsOf(graph);
  const lags = new Map<string, number>();
  for (const [name, { started }] of times) {
    const ready = (needs.get(`${host}/${name}`) ?? []).flatMap(({ to, condition }) => {
      const time = times.get(to.slice(host.length + 1));
      if (!time) return [];
      return [condition === "started" ? time.started : time.healthy];
    });
    lags.set(name, Math.max(0, started - Math.max(first, ...ready)));
  }
  return lags;
}
