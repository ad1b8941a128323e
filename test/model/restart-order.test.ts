import { describe, expect, it } from "vitest";
import type { Graph, GraphEdge } from "../../model/graph.ts";
import { restartOrder } from "../../model/restart-order.ts";

function graph(ids: readonly string[], edges: readonly [string, string, "hard" | "soft"][]): Graph {
  return {
    nodes: new Map(
      ids.map((id) => [
        id,
        { id, host: "h", kind: id.startsWith("gate:") ? "gate" : "service", phase: 1 },
      ]),
    ),
    edges: edges.map(([from, to, strength]): GraphEdge => ({
      from,
      to,
      strength,
      condition: "healthy",
    })),
  };
}

describe("the restart order", () => {
  it("keeps the declared order where nothing else matters, and leaves gates out", () => {
    expect(restartOrder(graph(["b", "gate:x", "a"], []), new Set())).toEqual(["b", "a"]);
  });

  it("brings back what is critical first, with whatever it cannot run without", () => {
    const one = graph(["games", "db", "vault"], [["vault", "db", "hard"]]);
    expect(restartOrder(one, new Set(["vault"]))).toEqual(["db", "vault", "games"]);
  });

  it("does not hold a critical service up for something it can do without", () => {
    const one = graph(["extra", "vault"], [["vault", "extra", "soft"]]);
    expect(restartOrder(one, new Set(["vault"]))).toEqual(["vault", "extra"]);
  });

  it("puts what others need before them, also softly among equals", () => {
    const one = graph(
      ["last", "a", "b"],
      [
        ["last", "a", "soft"],
        ["last", "b", "soft"],
      ],
    );
    expect(restartOrder(one, new Set())).toEqual(["a", "b", "last"]);
  });
});
