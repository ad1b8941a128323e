import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph, GraphEdge, GraphNode } from "../../model/graph.ts";
import { hostsInOrder, restartOrder } from "../../model/restart-order.ts";

function graphOf(
  edges: readonly (readonly [string, string, "hard" | "soft"])[],
  ids: string,
): Graph {
  const nodes = [...ids].map((id): [string, GraphNode] => [
    id,
    { id, host: "host", kind: "service", phase: 1 },
  ]);
  return {
    nodes: new Map(nodes),
    edges: edges.map(([from, to, strength]): GraphEdge => ({
      from,
      to,
      strength,
      condition: "healthy",
    })),
  };
}

describe("the restart order", () => {
  it("starts the urgent ones in the given order, each after what it needs", () => {
    const graph = graphOf([["d", "b", "hard"]], "abcde");
    expect(restartOrder(graph, ["e", "d"])).toEqual(["e", "b", "d", "a", "c"]);
  });

  it("lets an urgent one go on without what is only soft, unless that is urgent too", () => {
    const graph = graphOf([["b", "a", "soft"]], "ab");
    expect(restartOrder(graph, ["b"])).toEqual(["b", "a"]);
    expect(restartOrder(graph, ["b", "a"])).toEqual(["a", "b"]);
  });

  it("keeps the declared order among equals, but for what others need, also softly", () => {
    const graph = graphOf(
      [
        ["c", "a", "soft"],
        ["c", "b", "soft"],
      ],
      "cadb",
    );
    expect(restartOrder(graph, [])).toEqual(["a", "b", "c", "d"]);
  });

  it("looks at gates and starts none", () => {
    const graph = graphOf([["b", "a", "hard"]], "ab");
    const gate: GraphNode = { id: "a", host: "host", kind: "gate", phase: 0 };
    const nodes = new Map([...graph.nodes, ["a", gate] as const]);
    expect(restartOrder({ ...graph, nodes }, ["b"])).toEqual(["b"]);
  });

  it("passes over urgent ones that the graph does not have", () => {
    expect(restartOrder(graphOf([], "a"), ["z"])).toEqual(["a"]);
  });

  it("names the cycle instead of an order", () => {
    const graph = graphOf(
      [
        ["a", "b", "hard"],
        ["b", "a", "soft"],
      ],
      "ab",
    );
    expect(() => restartOrder(graph, [])).toThrow("a -> b -> a");
  });

  it("has every node once, after all its hard needs, whatever is urgent", () => {
    const letters = "abcdefghij";
    const acyclic = fc
      .array(fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom("hard" as const, "soft" as const)), {
        maxLength: 30,
      })
      .map((list) =>
        graphOf(
          list
            .filter(([from, to]) => from > to)
            .map(([from, to, strength]) => [letters[from] ?? "", letters[to] ?? "", strength]),
          letters,
        ),
      );
    fc.assert(
      fc.property(acyclic, fc.subarray([...letters]), (graph, first) => {
        const order = restartOrder(graph, first);
        expect([...order].sort()).toEqual([...letters]);
        for (const { from, to, strength } of graph.edges) {
          if (strength === "hard") expect(order.indexOf(to)).toBeLessThan(order.indexOf(from));
        }
      }),
    );
  });
});

describe("the order of whole hosts", () => {
  const edge = (from: string, to: string): GraphEdge => ({
    ...{ from, to, strength: "soft", condition: "healthy" },
  });

  it("is that of their first services, each host after those that it needs anything of", () => {
    const order = ["vps/a", "home/b", "store/c", "vps/d", "lab/e"];
    const graph: Graph = { nodes: new Map(), edges: [edge("home/f", "store/c")] };
    expect(hostsInOrder(graph, order)).toEqual(["vps", "store", "home", "lab"]);
    expect(hostsInOrder({ ...graph, edges: [] }, order)).toEqual(["vps", "home", "store", "lab"]);
  });
});
