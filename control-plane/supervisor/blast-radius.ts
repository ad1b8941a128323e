// What an action touches: what restarts, who lacks something meanwhile, whose data is written.
import { own } from "../contract/observed.ts";
import type { HostWorld } from "../contract/world.ts";
import type { Action } from "../contract/actions.ts";
import type { Desired, DesiredHost } from "./desired.ts";
import { digestOf } from "./drift.ts";

/** What an action touches. */
export type BlastRadius = Action["blastRadius"];

/** Of services that restart. @param data what is written or replaced. @default nothing */
export function radiusOf(
  { without }: Desired,
  restarts: readonly string[],
  data: readonly string[] = [],
): BlastRadius {
  const down = new Set(restarts);
  const degrades = new Set<string>();
  for (const id of restarts) {
    const { broken, degraded } = without(id);
    for (const each of [...broken, ...degraded]) if (!down.has(each)) degrades.add(each);
  }
  return { restarts: [...down].sort(), degrades: [...degrades].sort(), data: [...data].sort() };
}

/** What a deployment to the desired plan would do to a host. */
export interface HostChange {
  /** Services that are made anew, come, or go. */
  readonly restarts: readonly string[];
  /** Of them, those whose image changes and whose data a job copies, by name. */
  readonly migrates: readonly string[];
}

/** What differs between a host as it is and a set of services as they should be. */
export function hostChange(
  world: HostWorld,
  { keepers }: DesiredHost,
  wanted: Readonly<Record<string, { readonly image: string; readonly spec: string }>>,
): HostChange {
  const { host, services } = world;
  const changed = Object.entries(wanted).filter(([name, { image, spec }]) => {
    const container = own(services, name)?.container;
    const digest = digestOf(image);
    const isSame =
      container?.spec === spec && (digest === undefined || container.digest === digest);
    return !isSame;
  });
  const gone = Object.entries(services).flatMap(([name, { planned, container }]) =>
    planned === true && container !== null && !Object.hasOwn(wanted, name) ? [name] : [],
  );
  const migrates = changed.flatMap(([name, { image }]) => {
    const container = own(services, name)?.container;
    const isOther = container != null && container.digest !== digestOf(image);
    return isOther && keepers.has(name) ? [name] : [];
  });
  const names = [...changed.map(([name]) => name), ...gone];
  return { restarts: names.map((name) => `${host}/${name}`).sort(), migrates };
}

/** Volumes and folders that a service writes. */
export function dataOf({ services }: DesiredHost, name: string): string[] {
  return (services.get(name)?.mounts ?? []).flatMap((mount) => {
    if (mount.kind === "tmpfs" || mount.readOnly) return [];
    return [mount.kind === "volume" ? mount.volume : mount.source];
  });
}
