// What the files say, as the commands `status`, `incidents` and `actions` show it. Data alone, with
// the age of everything; looking changes nothing.
import { isOver, type Action } from "../contract/actions.ts";
import type { Incident, SupervisorState } from "../contract/supervisor-state.ts";
import { ageSeconds, type HostWorld } from "../contract/world.ts";
import { readQueue, readSupervisorState, readWorlds, worldIsOld } from "../disk/places.ts";
import type { Disk } from "../disk/disk.ts";

/** How a host is, in one row. */
export interface HostRow {
  readonly host: string;
  readonly freshness: HostWorld["freshness"]["state"];
  /** Seconds since it was heard; null when it never was. */
  readonly heardSecondsAgo: number | null;
  /** Planned services by state, e.g. { healthy: 30, exited: 1 }. */
  readonly services: Readonly<Record<string, number>>;
  /** Whether its plan is the repository's; null when nobody can tell. */
  readonly asDesired: boolean | null;
  readonly maintenance: string | null;
  readonly held: boolean;
}

/** What `status` shows. */
export interface Status {
  /** Why nothing of this may be so any more; null when it is. */
  readonly stale: string | null;
  readonly hosts: readonly HostRow[];
  readonly incidents: number;
  /** Actions by state, of those that are not over. */
  readonly actions: Readonly<Partial<Record<Action["state"], number>>>;
}

/** All of it in a few lines. @param now milliseconds since 1970 */
export function status(disk: Disk, root: string, now: number): Status {
  const state = readSupervisorState(disk, root);
  const hosts = [...readWorlds(disk, root).values()].map((world): HostRow => {
    const { host, freshness, plan, maintenance, hold } = world;
    const services: Record<string, number> = {};
    for (const { planned, state: how } of Object.values(world.services)) {
      if (planned === true) services[how] = (services[how] ?? 0) + 1;
    }
    const desired = state?.desired.plans[host];
    return {
      host,
      freshness: freshness.state,
      heardSecondsAgo: freshness.heard === null ? null : ageSeconds(freshness.heard, now),
      services,
      asDesired: plan === null || desired === undefined ? null : plan.digest === desired,
      maintenance: maintenance?.reason ?? null,
      held: hold !== null,
    };
  });
  const actions: Partial<Record<Action["state"], number>> = {};
  for (const action of readQueue(disk, root)) {
    if (isOver(action.state)) continue;
    actions[action.state] = (actions[action.state] ?? 0) + 1;
  }
  return {
    stale: worldIsOld(disk, root, now) ?? supervisorIsOld(state, now) ?? null,
    hosts: hosts.sort((a, b) => a.host.localeCompare(b.host)),
    incidents: state?.incidents.length ?? 0,
    actions,
  };
}

/** Every cause, the longest first. */
export function incidents(disk: Disk, root: string): readonly Incident[] {
  const { incidents: found = [] } = readSupervisorState(disk, root) ?? {};
  return [...found].sort((a, b) => a.since.localeCompare(b.since));
}

/** Actions, the newest first. @param all also those that are over. @default false */
export function actions(disk: Disk, root: string, all = false): readonly Action[] {
  return readQueue(disk, root)
    .filter(({ state }) => all || !isOver(state))
    .reverse();
}

/** A Supervisor that wrote this long ago has stopped. */
const SUPERVISOR_OLD_SECONDS = 60;

function supervisorIsOld(state: SupervisorState | undefined, now: number): string | undefined {
  if (!state) return "the Supervisor has not said anything yet";
  return ageSeconds(state.at, now) > SUPERVISOR_OLD_SECONDS
    ? `nothing is heard of the Supervisor since ${state.at}`
    : undefined;
}
