import { describe, expect, it } from "vitest";
import { levelTimes, measuredCriticalPath, startLags } from "../../bench/critical-path.ts";
import { parseMoments, startTimes } from "../../hosts/engine-events.ts";
import type { Graph, GraphEdge } from "../../model/graph.ts";

/** A graph of services on host "h", from edges "consumer needs producer condition". */
function graph(...edges: [string, string, "started" | "healthy"][]): Graph {
  const names = [...new Set(edges.flatMap(([from, to]) => [from, to]))];
  return {
    nodes: new Map(
      names.map((name) => [
        `h/${name}`,
        {
          id: `h/${name}`,
          host: "h",
          kind: name.startsWith("gate:") ? "gate" : "service",
          phase: 1,
        },
      ]),
    ),
    edges: edges.map(([from, to, condition]): GraphEdge => ({
      from: `h/${from}`,
      to: `h/${to}`,
      condition,
      strength: "hard",
    })),
  };
}

const times = (entries: Record<string, [number, number]>) =>
  new Map(
    Object.entries(entries).map(([name, [started, healthy]]) => [name, { started, healthy }]),
  );

describe("the measured critical path", () => {
  it("adds up what services took that wait for each other's health", () => {
    const found = measuredCriticalPath(
      graph(["b", "a", "healthy"], ["c", "b", "healthy"], ["d", "a", "healthy"]),
      "h",
      times({ a: [1, 3], b: [4, 5], c: [6, 9], d: [4, 4.5] }),
    );
    expect(found).toEqual({ path: ["h/a", "h/b", "h/c"], seconds: 6 });
  });

  it("does not wait for the health of what only has to be started", () => {
    const found = measuredCriticalPath(
      graph(["last", "slow", "started"], ["last", "quick", "healthy"]),
      "h",
      times({ slow: [0, 10], quick: [0, 1], last: [2, 4] }),
    );
    expect(found.seconds).toBe(10);
    expect(found.path).toEqual(["h/slow"]);
  });

  it("counts nothing for gates", () => {
    const found = measuredCriticalPath(
      graph(["a", "gate:nas", "healthy"]),
      "h",
      times({ a: [5, 7] }),
    );
    expect(found).toEqual({ path: ["h/a"], seconds: 2 });
  });
});

describe("how late a service started", () => {
  it("is measured from the last thing it waits for, and from the first start where it waits for none", () => {
    const lags = startLags(
      graph(["b", "a", "healthy"], ["c", "a", "started"], ["c", "d", "healthy"]),
      "h",
      times({ a: [1, 3], b: [3.5, 4], c: [2, 5], d: [1.25, 1.5] }),
    );
    expect(Object.fromEntries(lags)).toEqual({ a: 0, b: 0.5, c: 0.5, d: 0.25 });
  });
});

describe("the levels of the graph", () => {
  it("each tell their first start and who was healthy last", () => {
    const levels = levelTimes(
      graph(["b", "a", "healthy"], ["c", "a", "healthy"]),
      "h",
      times({ a: [1, 2], b: [2, 3], c: [2.5, 6] }),
    );
    expect(
      levels.map(({ level, services, firstStarted, lastHealthy, last }) => [
        ...[level, services, firstStarted, lastHealthy, last],
      ]),
    ).toEqual([
      [1, 1, 1, 2, "a"],
      [2, 2, 2, 6, "c"],
    ]);
  });
});

describe("the engine's events", () => {
  const line = (Action: string, name: string, seconds: number) =>
    JSON.stringify({ Action, timeNano: (1000 + seconds) * 1e9, Actor: { Attributes: { name } } });

  it("become the first start and the first health of each container", () => {
    const text = [
      line("start", "a", 1),
      line("health_status: unhealthy", "a", 2),
      line("health_status: healthy", "a", 3),
      line("health_status: healthy", "a", 33),
      line("start", "never-healthy", 1),
      line("start", "before", -5),
    ].join("\r\n");
    const found = startTimes(parseMoments(text), 1_000_000);
    expect([...found]).toEqual([["a", { started: 1, healthy: 3 }]]);
  });
});
