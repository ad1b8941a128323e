import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCycle, type Graph, type GraphEdge, type GraphNode } from "../../model/graph.ts";
import {
  breakageWithout,
  criticalPath,
  startOrder,
  stopOrder,
  topologicalLevels,
} from "../../model/orders.ts";

const RANDOM_GRAPHS = 10_000;

function graphOf(size: number, pairs: readonly (readonly [number, number])[]): Graph {
  const ids = Array.from({ length: size }, (_, index) => `host/n${index}`);
  const nodes = new Map<string, GraphNode>(
    ids.map((id) => [id, { id, host: "host", kind: "service", phase: 1 }]),
  );
  const edges = pairs.map(([from, to]): GraphEdge => ({
    from: ids[from] ?? "",
    to: ids[to] ?? "",
    condition: "healthy",
    strength: (from + to) % 3 === 0 ? "soft" : "hard",
  }));
  return { nodes, edges };
}

/** Edges only from later to earlier nodes, so there is no cycle. */
const acyclic = fc.integer({ min: 1, max: 24 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 60 }).map((pairs) =>
    graphOf(
      size,
      pairs.filter(([from, to]) => from > to),
    ),
  ),
);

const any = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc
      .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 30 })
      .map((pairs) => graphOf(size, pairs)),
  );

describe("orders of random graphs", () => {
  it("start no node before what it needs", () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        const position = new Map(startOrder(graph).map((id, index) => [id, index]));
        expect(position.size).toBe(graph.nodes.size);
        for (const edge of graph.edges) {
          expect(position.get(edge.to)).toBeLessThan(position.get(edge.from) ?? -1);
        }
      }),
      { numRuns: RANDOM_GRAPHS },
    );
  });

  it("stop in the reverse of the start order", () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        expect(stopOrder(graph)).toEqual([...startOrder(graph)].reverse());
      }),
      { numRuns: 1000 },
    );
  });

  it("report every cycle with a path that closes and whose steps are edges", () => {
    fc.assert(
      fc.property(any, (graph) => {
        const cycle = findCycle(graph);
        if (cycle === undefined) {
          expect(topologicalLevels(graph).flat()).toHaveLength(graph.nodes.size);
          return;
        }
        expect(cycle[0]).toBe(cycle.at(-1));
        for (let step = 1; step < cycle.length; step++) {
          const [from, to] = [cycle[step - 1], cycle[step]];
          expect(graph.edges.some((edge) => edge.from === from && edge.to === to)).toBe(true);
        }
        expect(() => topologicalLevels(graph)).toThrow(cycle.join(" -> "));
      }),
      { numRuns: RANDOM_GRAPHS },
    );
  });

  it("give a critical path that is a chain of edges and no shorter than any edge", () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        const { path, seconds } = criticalPath(graph, () => 1);
        expect(seconds).toBe(path.length);
        expect(seconds).toBe(topologicalLevels(graph).length);
        path.slice(1).forEach((id, index) => {
          expect(graph.edges).toContainEqual(
            expect.objectContaining({ from: id, to: path[index] }),
          );
        });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("what breaks without a node", () => {
  const graph = graphOf(4, [
    [1, 0],
    [2, 1],
    [3, 1],
  ]);

  it("is broken where hard edges lead to it, through others too", () => {
    expect(breakageWithout(graph, "host/n0").broken).toEqual(["host/n1", "host/n3"]);
  });

  it("is only degraded behind a soft edge", () => {
    expect(breakageWithout(graph, "host/n0").degraded).toEqual(["host/n2"]);
  });

  it("is nothing when nobody needs the node", () => {
    expect(breakageWithout(graph, "host/n3")).toEqual({ broken: [], degraded: [] });
  });
});
