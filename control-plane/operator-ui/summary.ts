// The counts of everything, from what the other parts wrote.
import { ACTION_STATES, type Action } from "../contract/actions.ts";
import type { ObserverHealth } from "../contract/observer-health.ts";
import type { Summary } from "../contract/summary.ts";
import { ageSeconds, SERVICE_STATES, type HostWorld } from "../contract/world.ts";

/** What was read. */
export interface Seen {
  readonly hosts: readonly HostWorld[];
  /** Undefined when there is none that can be read. */
  readonly health: ObserverHealth | undefined;
  readonly actions: readonly Action[];
  /** How many files could not be read. */
  readonly unreadable: number;
}

/** The Observer writes its health each second; after so long it is taken for gone. */
const SILENT_SECONDS = 15;

/**
 * Counts. When the Observer is silent, nothing is known of anything: what it wrote last is not shown
 * as how things are.
 * @param now milliseconds since 1970
 */
export function summaryOf(seen: Seen, build: string, now: number): Summary {
  const { hosts, health, actions, unreadable } = seen;
  const age = health ? ageSeconds(health.at, now) : null;
  const isSilent = age === null || age > SILENT_SECONDS;
  const services = hosts.flatMap((host) => Object.values(host.services));
  const gates = hosts.flatMap((host) => Object.values(host.gates));
  const known = <T extends string>(state: T): T | "unknown" => (isSilent ? "unknown" : state);
  const hostStates = hosts.map(({ freshness }) => known(freshness.state));
  const gateStates = gates.map(({ state }) => known(state));
  return {
    version: 1,
    build,
    at: new Date(now).toISOString(),
    observer: {
      state: isSilent ? "silent" : "fresh",
      ageSeconds: age,
      writable: isSilent ? null : (health?.writable ?? null),
    },
    hosts: {
      total: hosts.length,
      ...countOf(hostStates, ["fresh", "unreachable", "unknown"]),
      maintenance: hosts.filter(({ maintenance }) => maintenance !== null).length,
      longestUnheardSeconds: longestUnheard(hosts, now),
    },
    services: {
      total: services.length,
      planned: services.filter(({ planned }) => planned === true).length,
      unplanned: services.filter(({ planned }) => planned === false).length,
      held: services.filter(({ heldBy }) => heldBy !== null).length,
      byState: countOf(
        services.map(({ state }) => known(state)),
        SERVICE_STATES,
      ),
    },
    gates: countOf(gateStates, ["open", "closed", "unreachable", "unknown"]),
    backups: backupsOf(hosts, now),
    actions: countOf(
      actions.map(({ state }) => state),
      ACTION_STATES,
    ),
    unreadable,
  };
}

/** How many there are of each word. */
function countOf<Word extends string>(
  found: readonly Word[],
  words: readonly Word[],
): Record<Word, number> {
  const counts = words.map((word) => [word, found.filter((each) => each === word).length] as const);
  return Object.fromEntries(counts) as Record<Word, number>;
}

function longestUnheard(hosts: readonly HostWorld[], now: number): number | null {
  const heard = hosts.map(({ freshness }) => freshness.heard);
  const ages = heard.flatMap((at) => (at === null ? [] : [ageSeconds(at, now)]));
  return ages.length < hosts.length || ages.length === 0 ? null : Math.max(...ages);
}

function backupsOf(hosts: readonly HostWorld[], now: number): Summary["backups"] {
  const backups = hosts.flatMap((host) => Object.values(host.backups));
  const ages = backups.flatMap((backup) => {
    // It has grown older since it was said.
    return backup.ageSeconds === null ? [] : [backup.ageSeconds + ageSeconds(backup.at, now)];
  });
  return {
    total: backups.length,
    never: backups.length - ages.length,
    oldestSeconds: ages.length === 0 ? null : Math.max(...ages),
  };
}
