import { beforeAll, describe, expect, it } from "vitest";
import { buildGraph } from "../../../model/graph.ts";
import { declaredHost } from "../support/declared.ts";
import { containers, on, openLab, preview, up, type Lab } from "../support/lab.ts";
import { recordStarts } from "../support/start-events.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});

describe("pulumi up -s docker-vm on an engine without containers", () => {
  it("makes all 36 healthy, and starts none before what it needs is ready", async () => {
    await on(lab, "docker-vm", "docker ps --all --quiet | xargs -r docker rm --force");
    const recording = recordStarts(lab, "docker-vm");
    const deployed = await up(lab, "docker-vm");
    const events = await recording.stop();
    expect(deployed.code, deployed.output).toBe(0);

    const running = await containers(lab, "docker-vm");
    expect(running.size).toBe(36);
    const ill = [...running].filter(([, status]) => !status.includes("(healthy)"));
    expect(ill).toEqual([]);

    const graph = buildGraph([await declaredHost(lab, "docker-vm")]);
    const timeOf = (id: string, action: "start" | "healthy") =>
      events.find((event) => `docker-vm/${event.container}` === id && event.action === action)
        ?.time;
    const edges = graph.edges.filter((edge) => graph.nodes.get(edge.to)?.kind === "service");
    expect(edges.length).toBeGreaterThan(40);
    for (const edge of edges) {
      const needed = timeOf(edge.to, edge.condition === "started" ? "start" : "healthy");
      const started = timeOf(edge.from, "start");
      expect(needed, `${edge.to} was seen ${edge.condition}`).toBeDefined();
      expect(started, `${edge.from} was seen to start`).toBeDefined();
      expect((needed ?? 0n) < (started ?? 0n), `${edge.from} starts after ${edge.to}`).toBe(true);
    }
  });

  it("has Watchtower start last", async () => {
    const starts = await on(
      lab,
      "docker-vm",
      "docker ps --quiet | xargs docker inspect --format '{{.State.StartedAt}} {{.Name}}' | sort | tail -n 1",
    );
    expect(starts).toMatch(/\/watchtower$/);
  });

  it("writes the host plan, which names every service and the commit", async () => {
    const plan = JSON.parse(
      await on(lab, "docker-vm", "cat /opt/homelab/desired/docker-vm.json"),
    ) as {
      services: unknown[];
      commit: string;
    };
    expect(plan.services).toHaveLength(36);
    expect(plan.commit).toMatch(/^([0-9a-f]{40}|unknown)$/);
  });
});

describe("pulumi with nothing to do", () => {
  it("up changes nothing", async () => {
    const { code, output } = await up(lab, "docker-vm", ["--expect-no-changes"]);
    expect(code, output).toBe(0);
  });

  it.each([1, 2, 3])("preview finds nothing, with refresh and without (round %i)", async () => {
    for (const args of [[], ["--refresh=false"]]) {
      const { code, output } = await preview(lab, "docker-vm", ["--expect-no-changes", ...args]);
      expect(code, output).toBe(0);
    }
  });
});
