// Whether anything may be done to a host now. Who recommends and who hands out ask the same.
import type { HostWorld } from "./world.ts";

/** Whether what is said of a host is how it is now. */
export function isKnown({ freshness, gap, engine }: HostWorld): boolean {
  return freshness.state === "fresh" && gap === null && engine.state === "answers";
}

/** Why nothing is to be done to a host now; undefined when something may be. */
export function unfit(world: HostWorld): string | undefined {
  if (!isKnown(world)) return "nobody knows how it is now";
  if (world.maintenance) return `in maintenance: ${world.maintenance.reason}`;
  if (world.hold) return `held at ${world.hold.commit?.slice(0, 12) ?? "an earlier deployment"}`;
  if (world.deploying) return "a deployment is under way";
  return undefined;
}
