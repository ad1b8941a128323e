import { describe, expect, it } from "vitest";
import { lastChain, usageIn } from "../../bench/boot-profile.ts";
import type { Graph } from "../../model/graph.ts";

const graph: Graph = {
  nodes: new Map(
    ["broker", "automations", "proxy"].map((name) => [
      `home/${name}`,
      { id: `home/${name}`, host: "home", kind: "service" as const, phase: 1 },
    ]),
  ),
  edges: [
    { from: "home/automations", to: "home/broker", condition: "healthy", strength: "hard" },
    { from: "home/automations", to: "home/proxy", condition: "started", strength: "soft" },
  ],
};

const times = new Map([
  ["broker", { started: 1, healthy: 2.5 }],
  ["proxy", { started: 0.5, healthy: 4 }],
  ["automations", { started: 3, healthy: 6 }],
]);

describe("the profile of a boot", () => {
  it("names the chain that ended last, whose links together are the whole boot", () => {
    const chain = lastChain(graph, "home", times);
    expect(chain).toEqual([
      { name: "broker", untilStarted: 1, untilThere: 1.5 },
      { name: "automations", untilStarted: 0.5, untilThere: 3 },
    ]);
    const whole = chain.reduce((sum, one) => sum + one.untilStarted + one.untilThere, 0);
    expect(whole).toBe(6);
  });

  it("has no link to what a service started without", () => {
    const late = new Map([...times, ["broker", { started: 4, healthy: 5 }]]);
    expect(lastChain(graph, "home", late).map(({ name }) => name)).toEqual([
      "proxy",
      "automations",
    ]);
  });

  it("is without processor time where the machine does not say it", () => {
    expect(usageIn("")).toBeUndefined();
    expect(usageIn("3000000000 1000000000 50")).toEqual({
      machine: 3,
      containers: 1,
      orchestrator: 0.5,
    });
  });
});
