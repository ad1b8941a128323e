import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as GeneratedFleet from "../../bench/generated-fleet.ts";
import type * as PlanFleet from "../../bench/plan-fleet.ts";
import type { Stage } from "../../bench/plan-fleet.ts";
import { stepCounter, type StepCounter } from "../support/steps.ts";

const HOSTS = 30;
const SERVICES = 150;

/** Twice as much work for twice as many services, and what sorting adds; quadratic would be four. */
const MOST_GROWTH = 2.2;

let fleet: typeof GeneratedFleet;
let planned: typeof PlanFleet;
let counter: StepCounter;

beforeAll(async () => {
  counter = stepCounter();
  fleet = await import("../../bench/generated-fleet.ts");
  planned = await import("../../bench/plan-fleet.ts");
});

afterAll(() => counter.close());

/** Steps of each stage for so many services. */
function stepsFor(services: number, hosts: number): Map<Stage, number> {
  const steps = new Map<Stage, number>();
  planned.planFleet(fleet.generatedApps({ services, hosts }), (stage, work) => {
    const { result, steps: taken } = counter.counted(work);
    steps.set(stage, taken);
    return result;
  });
  return steps;
}

describe("a generated fleet", () => {
  it("has as many services and hosts as were asked for, and is the same each time", () => {
    const declare = () =>
      fleet.declareGenerated(fleet.generatedApps({ services: 200, hosts: HOSTS }));
    const hosts = declare();
    expect(hosts).toHaveLength(HOSTS);
    expect(hosts.flatMap(({ services }) => services)).toHaveLength(200);
    expect(JSON.stringify(declare())).toBe(JSON.stringify(hosts));
  });

  it.each([
    ["on as many hosts", HOSTS],
    ["on a single host", 1],
  ])(
    "of twice the services takes twice the steps to declare, validate, plan and draw, %s",
    (_, hosts) => {
      // Once before: what is worked out once for a whole process is no part of it.
      stepsFor(HOSTS, hosts);
      const before = stepsFor(SERVICES, hosts);
      const twice = stepsFor(2 * SERVICES, hosts);
      const growth = [...before].map(([stage, steps]) => ({
        stage,
        steps,
        times: (twice.get(stage) ?? 0) / steps,
      }));
      for (const { stage, steps, times } of growth) {
        expect(steps, `${stage} counts something`).toBeGreaterThan(SERVICES);
        expect(times, JSON.stringify(growth)).toBeLessThan(MOST_GROWTH);
      }
    },
  );
});
