import { describe, expect, it } from "vitest";
import { planLines } from "../../../programs/boot/journal.ts";
import {
  longestRunSeconds,
  START_HANGS_SECONDS,
  startPlan,
} from "../../../programs/boot/start-plan.ts";
import { hard, hostPlanOf, soft } from "./imitation.ts";

describe("the start plan", () => {
  it("names the cycle of a plan that waits for itself", () => {
    const plan = hostPlanOf([
      { name: "caddy", requires: [hard("authelia")] },
      { name: "authelia", requires: [hard("caddy")] },
    ]);
    expect(() => startPlan(plan)).toThrow("caddy -> authelia -> caddy");
  });

  it("refuses a plan that waits for something it does not hold", () => {
    const plan = hostPlanOf([{ name: "frigate", requires: [hard("gate:nas")] }]);
    expect(() => startPlan(plan)).toThrow(
      '"frigate" waits for "gate:nas", which is not in the plan',
    );
  });

  it("does not wait for services of other hosts, because booting needs no network", () => {
    const plan = startPlan(hostPlanOf([{ name: "backup", requires: [hard("nas/restic-rest")] }]));
    expect(plan.services.get("backup")).toMatchObject({
      waits: [],
      elsewhere: ["nas/restic-rest"],
    });
  });

  it("leaves out gates that nothing waits for", () => {
    const plan = startPlan(
      hostPlanOf([{ name: "a", requires: [soft("gate:one", 5)] }], { one: 10, two: 10 }),
    );
    expect([...plan.gates.keys()]).toEqual(["gate:one"]);
  });

  it("gives a run the time that its slowest chain may take", () => {
    const plan = hostPlanOf(
      [
        { name: "db", requires: [hard("gate:disk")], deadlineSeconds: 100, stopGraceSeconds: 20 },
        {
          name: "app",
          requires: [hard("db"), soft("gate:disk", 7)],
          deadlineSeconds: 50,
          stopGraceSeconds: 5,
        },
      ],
      { disk: 40 },
    );
    const [engine, starts, stops] = [60, 40 + 100 + 50 + 7, 30 + (20 + 30) + (5 + 30)];
    const hanging = 2 * START_HANGS_SECONDS;
    expect(longestRunSeconds(plan)).toBe(engine + starts + stops + hanging);
  });

  it("puts first who has the longest chain of services behind it", () => {
    const plan = startPlan(
      hostPlanOf([
        { name: "alone" },
        { name: "proxy" },
        { name: "page", requires: [hard("proxy")] },
        { name: "broker" },
        { name: "hub", requires: [hard("broker")] },
        { name: "copy", requires: [hard("hub", "started")] },
      ]),
    );
    expect([...plan.services.keys()]).toEqual(["broker", "proxy", "hub", "alone", "page", "copy"]);
  });

  it("prints levels, and what each service waits for and how long", () => {
    const plan = hostPlanOf(
      [
        { name: "db" },
        { name: "app", requires: [hard("db"), soft("gate:nas", 30), hard("nas/git")] },
      ],
      { nas: 300 },
    );
    expect(planLines(startPlan(plan), 99).map((line) => line.text)).toEqual([
      "1  gate:nas, at most 300 s",
      "1  db",
      "2  app after db (healthy), gate:nas (open, at most 30 s), nas/git (elsewhere, not waited for)",
      "2 services in 2 levels on docker-vm; ends within 99 s at the latest",
    ]);
  });
});
