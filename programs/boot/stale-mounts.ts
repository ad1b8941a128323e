// What follows from looks at mounts after the boot. Pure, and part of the scheduler: it decides when
// a mount is stale, who has to stop before it is renewed, and when it may be.
import type { Sight } from "./boot-events.ts";
import type { BootState, MountMemory } from "./boot-state.ts";
import { blindOnes, recentTimes, runs } from "./staying.ts";

/** Only one that is seen stale again, so much later, is stale: a false alarm stops what runs well. */
export const STALE_APART_SECONDS = 5;

/** A mount that goes stale is renewed at most this often … */
export const MOST_RENEWALS = 3;
/** … within this time. It stops who runs above it each time. */
export const RENEWAL_WINDOW_SECONDS = 3600;

/** What is known of a mount after a look at it. */
export interface AfterSight {
  readonly memory: MountMemory;
  /** It is to be mounted anew now. */
  readonly renew: boolean;
}

/** What follows from a look at a mount. */
export function afterSight(
  known: MountMemory,
  { saw, seen, seconds }: { readonly saw: Sight; readonly seen: string; readonly seconds: number },
): AfterSight {
  const renewals = recentTimes(known.renewals, seconds, RENEWAL_WINDOW_SECONDS);
  if (saw === "well") return { memory: { renewals }, renew: false };
  if (saw === "silent") return { memory: { renewals, seen }, renew: false };
  const { staleSince = seconds } = known;
  if (seconds - staleSince < STALE_APART_SECONDS)
    return { memory: { renewals, seen, staleSince }, renew: false };
  if (renewals.length < MOST_RENEWALS)
    return { memory: { renewals: [...renewals, seconds] }, renew: true };
  const often = `went stale ${renewals.length + 1} times within ${RENEWAL_WINDOW_SECONDS / 60} minutes`;
  const alone = { seen: `${often}, and is left alone: ${seen}`, leftAlone: true };
  return { memory: { renewals, staleSince, ...alone }, renew: false };
}

/** Whether a service that runs was given the mount behind a gate, so that looking at it pays. */
export function isInUse(state: BootState, gate: string): boolean {
  return usersOf(state, gate).some((name) => runs(state.services.get(name)));
}

/**
 * Who has to stop before the mount behind a gate is renewed: who was given it and runs, or is about
 * to, and all that run and cannot without one of them.
 */
export function whoRunsAbove(state: BootState, gate: string): string[] {
  const users = usersOf(state, gate);
  const about = users.filter((name) => state.services.get(name)?.at === "starting");
  return [...new Set([...about, ...blindOnes(state, users)])];
}

/** Gates whose mount is stale and that nobody runs above any more who has still to stop. */
export function toRenew(state: BootState): string[] {
  return [...state.gates].flatMap(([name, gate]) => {
    if (gate.at !== "stale" || gate.underWay) return [];
    const stops = usersOf(state, name).some((user) => {
      const at = state.services.get(user)?.at;
      return at === "doomed" || at === "stopping";
    });
    return stops ? [] : [name];
  });
}

function usersOf({ plan }: BootState, gate: string): string[] {
  return [...plan.services.values()]
    .filter(({ waits }) => waits.some(({ on }) => on === gate))
    .map(({ name }) => name);
}
