// What of a host is not as the repository has it, by fingerprints and digests alone.
import type { Difference, HostDrift } from "../contract/drift.ts";
import { isKnown } from "../contract/fitness.ts";
import { own, type Worlds } from "../contract/observed.ts";
import type { HostWorld } from "../contract/world.ts";
import type { Desired, DesiredHost } from "./desired.ts";

/**
 * How a host differs. Containers are compared only under the plan that they were made for: under
 * another one they differ because of it, and one deployment mends them all.
 */
export function driftOf({ plan }: Pick<DesiredHost, "plan">, world: HostWorld): Difference[] {
  const { looked } = world;
  if (looked === null) return [];
  const found = world.plan?.digest ?? null;
  if (found !== plan.digest) {
    const at = world.plan?.at ?? looked;
    return [{ service: null, kind: "plan", declared: plan.digest, found, at }];
  }
  return plan.services.flatMap(({ name, spec, image }): Difference[] => {
    const container = own(world.services, name)?.container;
    if (!container || !wasLookedAt(container)) return [];
    const { at } = container;
    if (container.spec !== spec) {
      return [{ service: name, kind: "made", declared: spec, found: container.spec, at }];
    }
    const digest = digestOf(image);
    if (digest !== undefined && container.digest !== null && container.digest !== digest) {
      return [{ service: name, kind: "image", declared: digest, found: container.digest, at }];
    }
    return [];
  });
}

/**
 * The drift of all hosts. One that cannot be compared now has what was found before.
 * @param before of the comparison before this one
 */
export function driftOfAll(
  { hosts }: Pick<Desired, "hosts">,
  worlds: Worlds,
  before: readonly HostDrift[],
): HostDrift[] {
  return [...hosts].map(([host, desired]) => {
    const world = worlds.get(host);
    const withheld = whyNot(world);
    if (world && withheld === null) {
      const { looked } = world;
      return { host, withheld: null, looked, differences: driftOf(desired, world) };
    }
    const known = before.find((each) => each.host === host);
    return {
      host,
      withheld,
      looked: known?.looked ?? null,
      differences: known?.differences ?? [],
    };
  });
}

function whyNot(world: HostWorld | undefined): string | null {
  if (!world) return "it was never heard";
  if (!isKnown(world)) return "nobody knows how it is now";
  return world.looked === null ? "it was not looked at yet" : null;
}

/** An event names a container before anybody has looked at it. */
export function wasLookedAt({
  spec,
  digest,
  startedAt,
}: NonNullable<HostWorld["services"][string]["container"]>): boolean {
  return spec !== null || digest !== null || startedAt !== null;
}

/** The digest in a reference; undefined for one that is not pinned. */
export function digestOf(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}
