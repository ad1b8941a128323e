import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { EMPTY_OBSERVATION } from "../../hosts/observation.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { hostPlan } from "../../model/host-plan.ts";
import { NO_OVERRIDES } from "../../model/override-files.ts";
import { fleetWithOverrides, tellOverrides } from "../../stacks/overrides.ts";
import { ofGrafana, overrideOf } from "../compose/override/files.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { site } from "../support/site.ts";
import { recordStack } from "../support/stack-program.ts";

const overrides = overrideOf(
  "grafana",
  ofGrafana("mem_limit: 1g", "environment: { GF_LOG_LEVEL: debug }", "labels: { team: ours }"),
);

/** The inputs of each container, by name. */
function containersIn(resources: readonly RecordedResource[]) {
  const containers = resources.filter(({ type }) => type === "docker:index/container:Container");
  return new Map(containers.map(({ name, inputs }) => [name, inputs]));
}

describe("a stack on whose host something is overridden", () => {
  it("makes that container so, by the fingerprint that the host plan has, and no other otherwise", async () => {
    const plain = containersIn(await recordStack("docker-vm"));
    const observation = { ...EMPTY_OBSERVATION, overrides };
    const changed = containersIn(await recordStack("docker-vm", { observation }));
    const grafana = changed.get("grafana-container");
    expect(grafana).toMatchObject({ memory: 1024, memorySwap: 1024 });
    expect(grafana?.["envs"]).toContain("GF_LOG_LEVEL=debug");
    expect(grafana?.["labels"]).toContainEqual({ label: "team", value: "ours" });
    const fleet = fleetWithOverrides(declareFleet(site), "docker-vm", overrides);
    const { services } = hostPlan(fleet["docker-vm"].declaration, { version: 1, images: {} }, "");
    const spec = services.find(({ name }) => name === "grafana")?.spec;
    expect(grafana?.["labels"]).toContainEqual({ label: "homelab.spec", value: spec });
    const others = [...changed].filter(([name]) => name !== "grafana-container");
    expect(others).toHaveLength(plain.size - 1);
    // Fingerprints of files are made anew each time.
    for (const [name, { labels: _labels, ...inputs }] of others) {
      const { labels: _before, ...before } = plain.get(name) ?? {};
      expect(inputs, name).toEqual(before);
    }
  }, 240_000);

  it("is the declared fleet itself where nothing is overridden", () => {
    const fleet = declareFleet(site);
    expect(fleetWithOverrides(fleet, "docker-vm", NO_OVERRIDES)).toBe(fleet);
  });

  it("says in each preview whom it concerns, without a value", async () => {
    const log = vi.spyOn(pulumi.log, "info").mockResolvedValue();
    const fleet = declareFleet(site);
    await tellOverrides(fleet, "docker-vm", NO_OVERRIDES);
    await tellOverrides(fleet, "docker-vm", overrides);
    expect(log.mock.calls.map(([text]) => text)).toEqual([
      "overridden on docker-vm: grafana (environment.GF_LOG_LEVEL, labels.team, mem_limit); `npx homelab overrides docker-vm` says how",
    ]);
    log.mockRestore();
  });
});
