// What the soak test does to the machine before each boot, and what has to be true afterwards.
import type { HostPlan } from "../model/host-plan.ts";
import { buildGraph } from "../model/graph.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import { breakageWithout } from "../model/orders.ts";

/** How the NAS's mounts are at a boot. */
export type Scenario =
  /** There from the beginning, or this many seconds after the machine answers. */
  | { readonly mounts: "late"; readonly lateSeconds: number }
  | { readonly mounts: "absent" }
  | { readonly mounts: "stale" };

/** One after another, again from the start after the last. */
export const SCENARIOS: readonly Scenario[] = [
  { mounts: "late", lateSeconds: 0 },
  { mounts: "late", lateSeconds: 20 },
  { mounts: "late", lateSeconds: 60 },
  { mounts: "absent" },
  { mounts: "stale" },
];

/** The scenario in words. */
export function scenarioText(scenario: Scenario): string {
  if (scenario.mounts !== "late") return scenario.mounts;
  return scenario.lateSeconds === 0 ? "on time" : `${scenario.lateSeconds} s late`;
}

/** More restarts of one container in one boot are a crash loop. */
export const MOST_RESTARTS = 2;

/** What a host's services need of its mounts. */
export interface MountNeeds {
  /** Cannot run without one of the mounts, directly or through others. */
  readonly held: readonly string[];
  /** Wait for a mount themselves and cannot run without it. */
  readonly waiting: readonly string[];
  /** Run without, with something missing; services that only wait for a start are among them. */
  readonly degraded: readonly string[];
}

/** What a host's services need of its mounts. */
export function mountNeeds(host: HostDeclaration): MountNeeds {
  const graph = buildGraph([host]);
  const gates = host.gates.filter(({ kind }) => kind === "mount").map(({ name }) => `gate:${name}`);
  const broken = gates.map((gate) => breakageWithout(graph, `${host.host}/${gate}`));
  const names = (ids: readonly string[]) =>
    [...new Set(ids)].map((id) => id.slice(host.host.length + 1)).sort();
  const held = names(broken.flatMap((one) => one.broken));
  const waiting = host.services.filter(({ requires }) =>
    (requires ?? []).some(({ on, strength }) => strength === "hard" && gates.includes(on)),
  );
  return {
    held,
    waiting: waiting.map(({ name }) => name),
    degraded: names(broken.flatMap((one) => one.degraded)).filter((name) => !held.includes(name)),
  };
}

/** A container after a boot. */
export interface ContainerFacts {
  readonly name: string;
  /** As the engine calls it, e.g. "running". */
  readonly status: string;
  /** "healthy", "unhealthy", "starting" or "none". */
  readonly health: string;
  readonly restarts: number;
  /** Milliseconds since 1970; 0 when it never ran. */
  readonly startedAt: number;
}

/** A host after a boot. */
export interface BootFacts {
  readonly containers: readonly ContainerFacts[];
  /** Files found below the mount points, on what lies under the mounts. */
  readonly filesBelowMounts: number;
  /** When the machine was cut off; containers that started before then did not start since. */
  readonly cutAt: number;
  /** When the mounts were served again, in milliseconds since 1970; undefined when never. */
  readonly servedAt: number | undefined;
}

/** What is wrong after a boot; empty when all is as it has to be. */
export function problemsAfter(
  scenario: Scenario,
  facts: BootFacts,
  host: HostDeclaration,
): string[] {
  const needs = mountNeeds(host);
  const without = scenario.mounts !== "late";
  const known = new Map(facts.containers.map((one) => [one.name, one]));
  const problems = host.services.flatMap(({ name }): string[] => {
    const one = known.get(name);
    if (!one) return [`${name} is gone`];
    const found: string[] = [];
    const mustWait = without && needs.held.includes(name);
    const runs = one.status === "running";
    if (mustWait && runs) found.push(`${name} runs without the mount it cannot run without`);
    if (!mustWait && !(runs && one.health === "healthy"))
      found.push(`${name} is ${one.status} and ${one.health}`);
    if (one.restarts > MOST_RESTARTS) found.push(`${name} crashed ${one.restarts} times`);
    const early =
      facts.servedAt !== undefined &&
      needs.waiting.includes(name) &&
      one.startedAt > facts.cutAt &&
      one.startedAt < facts.servedAt;
    if (early) found.push(`${name} started before its mount was there`);
    return found;
  });
  problems.push(...outOfOrder(host, known));
  const { filesBelowMounts: files } = facts;
  return files === 0 ? problems : [...problems, `${files} files below unmounted mount points`];
}

/** Who runs and started before something that it cannot run without. */
function outOfOrder(host: HostDeclaration, known: ReadonlyMap<string, ContainerFacts>): string[] {
  return host.services.flatMap(({ name, requires }) => {
    const one = known.get(name);
    if (one?.status !== "running") return [];
    const needed = (requires ?? []).filter(({ strength }) => strength === "hard");
    return needed.flatMap(({ on }) => {
      const other = known.get(on);
      // One that crashed and started again has a later start than its first.
      if (!other || other.restarts > 0 || other.startedAt < one.startedAt) return [];
      return [`${name} started before ${on}`];
    });
  });
}

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in another order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/**
 * A host plan whose services stand in another order, and whose mounts are waited for no longer
 * than the limit, so that a boot without the NAS does not take the whole time it may at home.
 */
export function shuffledPlan(plan: HostPlan, random: () => number, limitSeconds: number): HostPlan {
  return {
    ...plan,
    services: shuffled(plan.services, random),
    gates: plan.gates.map((gate) =>
      gate.condition.kind === "mount"
        ? { ...gate, limitSeconds: Math.min(gate.limitSeconds, limitSeconds) }
        : gate,
    ),
  };
}
