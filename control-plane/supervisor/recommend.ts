// What should be held against what is. Pure: the same desire, world, time and memory give the same
// actions, and nothing that was observed adds a verb or a target to what the repository names.
import { hostOf } from "../../model/graph.ts";
import type { Action } from "../contract/actions.ts";
import { isKnown, unfit } from "../contract/fitness.ts";
import type { Worlds } from "../contract/observed.ts";
import type { HostWorld } from "../contract/world.ts";
import type { Closing, Incident, Memory } from "../contract/supervisor-state.ts";
import { asLine } from "../contract/words.ts";
import { actionOf } from "./action.ts";
import { problemsByCause } from "./causes.ts";
import { endingCertificates } from "./certificates.ts";
import { closingFor, isAbout, type Standing } from "./closing.ts";
import type { Desired } from "./desired.ts";
import { missedCopies, withMissedCopies } from "./copies.ts";
import { differencesOf } from "./differences.ts";
import { findingsOf, type Finding } from "./findings.ts";
import {
  isFlapping,
  isLeftToHost,
  isReplacedOften,
  isSettled,
  notBefore,
  remembered,
  stillCounting,
} from "./pace.ts";
import { problemKey, type Problem } from "./problem.ts";
import { remedyFor } from "./remedies.ts";

/** What the Supervisor knows beside desire and world. */
export interface Known {
  readonly memory: Memory;
  /** All actions there are, open and closed. */
  readonly queue: readonly Action[];
}

/** What follows from a comparison. */
export interface Recommendation {
  /** New ones, to be put into the queue. */
  readonly actions: readonly Action[];
  /** Open ones that are to be closed, by id. */
  readonly closing: Readonly<Record<string, Closing>>;
  readonly incidents: readonly Incident[];
  readonly memory: Memory;
  /** All that is not well, whether or not it has lasted long enough to be an incident. */
  readonly seen: readonly Seen[];
}

/** A problem as it stands now. */
export interface Seen {
  readonly problem: Problem;
  /** Undefined while it may settle by itself. */
  readonly incident: Incident | undefined;
  /** Somebody is at it: its host boots, is being deployed, or a person works on it. */
  readonly isWorkedOn: boolean;
}

/** What a person rejected is not proposed again for so long. */
const REJECTED_MS = 24 * 3600_000;
const OPEN: readonly Action["state"][] = ["pending", "approved"];
const UNDER_WAY: readonly Action["state"][] = ["claimed", "running", "interrupted"];

/**
 * What should be done.
 * @param now milliseconds since 1970
 */
export function recommend(
  desired: Desired,
  worlds: Worlds,
  now: number,
  { memory: before, queue }: Known,
): Recommendation {
  const findingOf = findingsOf(desired, worlds);
  const fit = [...desired.hosts].flatMap(([name, host]) => {
    const world = worlds.get(name);
    return world && unfit(world) === undefined ? [{ host, world }] : [];
  });
  const wasThere = (key: string): boolean => before.appearances[key]?.present ?? false;
  const problems = [
    ...withMissedCopies(
      problemsByCause(desired, findingOf, wasThere),
      fit.flatMap(({ host, world }) => missedCopies(host, world, now)),
      desired,
      findingOf,
    ),
    ...fit.flatMap(({ host, world }) => differencesOf(host, world)),
    ...[...desired.hosts].flatMap(([name, host]) => {
      return endingCertificates(host, worlds.get(name), now);
    }),
  ];
  const inSight = (cause: string): boolean => isInSight(cause, findingOf, worlds);
  const appearances = remembered(
    before.appearances,
    problems,
    (key) => inSight(key.slice(0, key.lastIndexOf(" "))),
    now,
  );
  const memory = { appearances, tries: stillCounting(before.tries, appearances) };
  const seen: Judged[] = [];
  for (const problem of problems) {
    const one = judged(problem, { desired, worlds, now, memory, queue });
    const isTwice = seen.some(({ proposed }) => proposed?.id === one.proposed?.id);
    seen.push(one.proposed && isTwice ? { ...one, proposed: undefined } : one);
  }
  const tries = { ...memory.tries };
  for (const { problem, proposed, replaces } of seen) {
    if (!proposed || replaces) continue;
    const key = problemKey(problem);
    const { plan } = proposed.binding;
    const count = tries[key]?.plan === plan ? tries[key].count + 1 : 1;
    tries[key] = { count, last: proposed.proposedAt, plan };
  }
  const closing = queue.flatMap((action) => {
    if (!OPEN.includes(action.state)) return [];
    const world = worlds.get(action.binding.host);
    const sees = world !== undefined && unfit(world) === undefined && inSight(action.rootCause);
    const found = closingFor(action, seen, sees, now);
    return found ? [[action.id, found] as const] : [];
  });
  return {
    actions: seen.flatMap(({ proposed }) => (proposed ? [proposed] : [])),
    closing: Object.fromEntries(closing),
    incidents: seen.flatMap(({ incident }) => (incident ? [incident] : [])),
    memory: { appearances, tries },
    seen: seen.map(({ problem, incident, isWorkedOn }) => ({ problem, incident, isWorkedOn })),
  };
}

interface Judged extends Standing, Seen {
  readonly proposed: Action | undefined;
  /** The proposal stands in the place of an open one. */
  readonly replaces: boolean;
}

interface Sight extends Known {
  readonly desired: Desired;
  readonly worlds: Worlds;
  readonly now: number;
}

function judged(problem: Problem, sight: Sight): Judged {
  const { worlds, now, memory, queue } = sight;
  const made = madeFor(problem, sight);
  const mine = queue.filter((action) => isAbout(action, problem));
  const offered = mine.filter(({ state, expires }) => {
    return OPEN.includes(state) && Date.parse(expires) > now;
  });
  const same = offered.find(({ hash }) => "id" in made && hash === made.hash);
  const underWay = queue.find(({ state, binding }) => {
    return UNDER_WAY.includes(state) && binding.host === problem.host;
  });
  const world = worlds.get(problem.host);
  const whole = world && problem.kind !== "away" ? unfit(world) : undefined;
  const withheld =
    whole ??
    ("withheld" in made ? made.withheld : undefined) ??
    (underWay ? "an action is under way on the host" : undefined) ??
    (same ? undefined : waits(problem, offered.length > 0, mine, sight));
  const proposed = withheld === undefined && !same && "id" in made ? made : undefined;
  const action = proposed ?? same;
  const shown = action ?? underWay;
  const incident: Incident | undefined = isSettled(problem, memory, now)
    ? {
        cause: asLine(problem.cause),
        detail: asLine(problem.detail),
        since: memory.appearances[problemKey(problem)]?.since ?? problem.since,
        flapping: isFlapping(problem, memory),
        affected: problem.affected.map(asLine),
        action: shown?.id ?? null,
        withheld: withheld === undefined ? null : asLine(withheld),
      }
    : undefined;
  const isWorkedOn = world !== undefined && isSomebodyAt(problem, world, now);
  return { problem, action, incident, isWorkedOn, proposed, replaces: offered.length > 0 };
}

function isSomebodyAt(problem: Problem, world: HostWorld, now: number): boolean {
  const { maintenance, deploying } = world;
  // One that nobody ended is over when its time is.
  const isMaintained =
    maintenance !== null && (maintenance.until === null || Date.parse(maintenance.until) > now);
  // A place is more than the host that stands for it, and a deployment does not take a host away.
  if (problem.kind === "away") return isMaintained && problem.cause === problem.host;
  return isMaintained || deploying !== null || isLeftToHost(problem, world, now);
}

/** The action that would be right for a problem now, whether or not it is the time to say so. */
function madeFor(
  problem: Problem,
  { desired, worlds, memory, now }: Sight,
): Action | { readonly withheld: string } {
  const host = desired.hosts.get(problem.host);
  const world = worlds.get(problem.host);
  if (!host || !world) return { withheld: "nobody knows how it is now" };
  const tries = memory.tries[problemKey(problem)];
  const count = tries?.plan === host.plan.digest ? tries.count : 0;
  const remedy = remedyFor(problem, desired, host, world, count);
  return "withheld" in remedy ? remedy : actionOf(problem, remedy, worlds, now);
}

/** Why it is not yet the time to propose; undefined when it is. */
function waits(
  problem: Problem,
  isOffered: boolean,
  mine: readonly Action[],
  { desired, worlds, memory, now }: Sight,
): string | undefined {
  if (!isSettled(problem, memory, now)) return "it may settle by itself";
  // What is open already is only brought up to date.
  if (isOffered) {
    return isReplacedOften(mine, now)
      ? "it is seen otherwise too often; what is open is not brought up to date each time"
      : undefined;
  }
  const world = worlds.get(problem.host);
  if (world && isLeftToHost(problem, world, now)) return "its host is about to start it";
  if (isFlapping(problem, memory)) return "it comes and goes; nothing is proposed until it settles";
  const rejected = mine.some(({ state, since }) => {
    return state === "rejected" && now - Date.parse(since) < REJECTED_MS;
  });
  if (rejected) return "a person rejected it within the last 24 h";
  const plan = desired.hosts.get(problem.host)?.plan.digest ?? null;
  const next = notBefore(memory.tries[problemKey(problem)], plan);
  return now < next
    ? `it was proposed before, and is again from ${new Date(next).toISOString()} on`
    : undefined;
}

/** Whether it can be told how a cause is. A place is in sight: its hosts have problems of their own, or none. */
function isInSight(cause: string, findingOf: (id: string) => Finding, worlds: Worlds): boolean {
  const host = worlds.get(hostOf(cause));
  if (!host) return true;
  const { state } = findingOf(cause);
  return isKnown(host) && state !== "unknown" && state !== "away";
}
