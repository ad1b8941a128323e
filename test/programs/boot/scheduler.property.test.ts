import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFinal, isHopeless, isMet } from "../../../programs/boot/boot-state.ts";
import { hostPlanOf, planOf, playBoot, WELL, type Behaviour } from "./imitation.ts";
import {
  longestRunSeconds,
  START_HANGS_SECONDS,
  startPlan,
  type StartPlan,
} from "../../../programs/boot/start-plan.ts";

const RANDOM_BOOTS = 1000;

const seconds = fc.integer({ min: 1, max: 40 });

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  found: fc.constantFrom("stopped", "stopped", "missing", "starting", "healthy", "unhealthy"),
  onStart: fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("healthy" as const), after: seconds }) },
    fc.record({ kind: fc.constantFrom("unhealthy" as const, "ends" as const), after: seconds }),
    fc.record({ kind: fc.constantFrom("crashes" as const, "refused" as const, "silent" as const) }),
  ),
  stops: fc.boolean(),
});

const requirement = fc.record({
  condition: fc.constantFrom("started" as const, "healthy" as const, "completed" as const),
  strength: fc.constantFrom("hard" as const, "soft" as const),
  limitSeconds: seconds,
});

/** A random plan without cycles, with gates, and how everything behaves. */
const boot = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 3 }))
  .chain(([services, gates]) =>
    fc.record({
      edges: fc.array(fc.tuple(fc.nat(services - 1), fc.nat(services + gates - 1), requirement), {
        maxLength: 30,
      }),
      behaviours: fc.array(behaviour, { minLength: services, maxLength: services }),
      gates: fc.array(
        fc.record({
          limit: seconds,
          opens: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
        }),
        { minLength: gates, maxLength: gates },
      ),
    }),
  )
  .map(({ edges, behaviours, gates }) => {
    const count = behaviours.length;
    const services = behaviours.map((_, index) => ({
      name: `s${index}`,
      requires: edges
        .filter(([from, to]) => from === index && (to >= count || to < from))
        .map(([, to, rest]) => ({ on: to >= count ? `gate:g${to - count}` : `s${to}`, ...rest })),
    }));
    const limits = Object.fromEntries(gates.map(({ limit }, index) => [`g${index}`, limit]));
    const hostPlan = hostPlanOf(services, limits);
    return {
      hostPlan,
      /** The same, two starts at a time. */
      slowly: startPlan(hostPlan, { startsAtOnce: 2 }),
      plan: planOf(services, limits),
      behaviours: Object.fromEntries(behaviours.map((each, index) => [`s${index}`, each])),
      opens: Object.fromEntries(gates.map(({ opens }, index) => [`gate:g${index}`, opens])),
    };
  });

function waitsOf(plan: StartPlan, service: string) {
  return plan.services.get(service)?.waits ?? [];
}

// A thousand boots take seconds where much else runs.
describe("a boot with random services, gates and failures", { timeout: 60_000 }, () => {
  it("starts nothing before its hard requirements are met", () => {
    fc.assert(
      fc.property(boot, ({ plan, behaviours, opens }) => {
        for (const entry of playBoot(plan, behaviours, opens).entries) {
          if (!("did" in entry) || entry.did.kind !== "start") continue;
          for (const wait of waitsOf(plan, entry.did.service)) {
            if (wait.hard) expect(isMet(entry.state, wait)).toBe(true);
          }
        }
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });

  it("always ends, with every service in one final state that is reached once", () => {
    fc.assert(
      fc.property(boot, ({ plan, behaviours, opens }) => {
        const { state, entries } = playBoot(plan, behaviours, opens);
        const finals = entries.flatMap((entry) => ("final" in entry ? [entry.final] : []));
        expect([...finals].sort()).toEqual([...plan.services.keys()].sort());
        expect([...state.services.values()].every(isFinal)).toBe(true);
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });

  it("ends within the time the unit is given", () => {
    fc.assert(
      fc.property(boot, ({ plan, hostPlan, behaviours, opens }) => {
        expect(playBoot(plan, behaviours, opens).seconds).toBeLessThanOrEqual(
          longestRunSeconds(hostPlan),
        );
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });

  it("starts no more at once than it may, except beside one that hangs, and ends in time", () => {
    fc.assert(
      fc.property(boot, ({ slowly, hostPlan, behaviours, opens }) => {
        const { entries, seconds: end } = playBoot(slowly, behaviours, opens);
        expect(end).toBeLessThanOrEqual(longestRunSeconds(hostPlan));
        for (const { seconds: now, state, ...rest } of entries) {
          if (!("did" in rest) || rest.did.kind !== "start") continue;
          const underWay = [...state.services.values()].filter(
            (service) =>
              service.at === "starting" &&
              !service.up &&
              service.crashes === 0 &&
              now < service.startedAt + START_HANGS_SECONDS,
          );
          expect(underWay.length).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });

  it("never waits longer than its limit for what a service can do without", () => {
    fc.assert(
      fc.property(boot, ({ plan, behaviours, opens }) => {
        for (const { seconds: now, ...rest } of playBoot(plan, behaviours, opens).entries) {
          if (!("did" in rest) || rest.did.kind !== "start") continue;
          const { service } = rest.did;
          const limits = waitsOf(plan, service)
            .filter((wait) => !wait.hard)
            .map((wait) => wait.limitSeconds);
          // What it cannot run without may have been there before and lost again: the last time counts.
          const was = rest.before.services.get(service);
          const since = (was?.at === "waiting" ? was.hardMetAt : undefined) ?? now;
          expect(now - since).toBeLessThanOrEqual(Math.max(0, ...limits) + 1e-6);
        }
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });

  it("holds a service back only when something it cannot run without is lost", () => {
    fc.assert(
      fc.property(boot, ({ plan, behaviours, opens }) => {
        const { state } = playBoot(plan, behaviours, opens);
        for (const [name, service] of state.services) {
          if (service.at !== "held") continue;
          const lost = waitsOf(plan, name).filter((wait) => wait.hard && isHopeless(state, wait));
          expect(lost.map((wait) => wait.on)).toContain(service.by);
        }
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });

  it("stops a service only after everything that cannot run without it", () => {
    fc.assert(
      fc.property(boot, ({ plan, behaviours, opens }) => {
        for (const entry of playBoot(plan, behaviours, opens).entries) {
          if (!("did" in entry) || entry.did.kind !== "stop") continue;
          const stopped = entry.did.service;
          for (const node of plan.services.values()) {
            if (!node.waits.some((wait) => wait.hard && wait.on === stopped)) continue;
            expect(["running", "doomed", "stopping"]).not.toContain(
              entry.state.services.get(node.name)?.at,
            );
          }
        }
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });

  it("brings everything up when nothing fails", () => {
    fc.assert(
      fc.property(boot, ({ plan, behaviours }) => {
        const completes = [...plan.services.values()].some((node) => node.endsByItself);
        fc.pre(!completes);
        const well = Object.fromEntries(Object.keys(behaviours).map((name) => [name, WELL]));
        const open = Object.fromEntries([...plan.gates.keys()].map((name) => [name, 0]));
        const { state } = playBoot(plan, well, open);
        expect([...state.services.values()].map(({ at }) => at)).toEqual(
          Object.keys(well).map(() => "healthy"),
        );
      }),
      { numRuns: RANDOM_BOOTS },
    );
  });
});
