// When something is recommended: not before it has settled, not while it flaps, and each time it did
// not help, later. After it was well for a while it is new again.
import type { Action } from "../contract/actions.ts";
import type { Memory } from "../contract/supervisor-state.ts";
import type { HostWorld } from "../contract/world.ts";
import { problemKey, type Problem, type ProblemKind } from "./problem.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long a problem has to last, in milliseconds, before anybody is bothered with it. */
const SETTLE_MS: Readonly<Record<ProblemKind, number>> = {
  // Hosts that lose power together are not missed at the same moment.
  away: 30 * SECOND,
  closed: MINUTE,
  stopped: 2 * SECOND,
  unhealthy: MINUTE,
  missing: 30 * SECOND,
  starting: 0,
  plan: 30 * SECOND,
  differs: MINUTE,
  image: MINUTE,
  backup: 0,
  certificate: 0,
};

/** What comes this often within this time flaps. */
const FLAPS = 4;
const FLAP_WINDOW_MS = 10 * MINUTE;
/** A proposal is brought up to date at most this often within this time. */
const MOST_REPLACED = 10;
const REPLACED_WINDOW_MS = 10 * MINUTE;
/** So long well, and what comes then is new. */
const CALM_MS = 10 * MINUTE;
/** Time between two proposals, and the longest one. */
const FIRST_GAP_MS = 5 * MINUTE;
const LONGEST_GAP_MS = 6 * 60 * MINUTE;
/** How long a host that boots is left to its own orchestrator. */
const BOOT_MS = 5 * MINUTE;

/** What is remembered of the problems after another look. */
export function remembered(
  before: Memory["appearances"],
  problems: readonly Problem[],
  isKnownWell: (key: string) => boolean,
  now: number,
): Memory["appearances"] {
  const at = new Date(now).toISOString();
  const after: Record<string, Memory["appearances"][string]> = {};
  for (const problem of problems) {
    const key = problemKey(problem);
    const known = before[key];
    const came = known?.present ? known.came : [...(known?.came ?? []), at];
    after[key] = {
      since: known?.present ? known.since : at,
      present: true,
      last: at,
      came: came.filter((each) => now - Date.parse(each) < FLAP_WINDOW_MS).slice(-FLAPS),
    };
  }
  for (const [key, known] of Object.entries(before)) {
    if (after[key]) continue;
    // Out of sight it is neither there nor gone.
    if (!isKnownWell(key)) after[key] = known;
    else if (now - Date.parse(known.last) < CALM_MS) after[key] = { ...known, present: false };
  }
  return after;
}

/** The proposals that still count. */
export function stillCounting(
  tries: Memory["tries"],
  appearances: Memory["appearances"],
): Memory["tries"] {
  return Object.fromEntries(Object.entries(tries).filter(([key]) => key in appearances));
}

/** Whether a problem has lasted long enough to be spoken of. */
export function isSettled(problem: Problem, { appearances }: Memory, now: number): boolean {
  if (problem.isHidden === true) return false;
  const seen = appearances[problemKey(problem)];
  const since = Math.min(Date.parse(problem.since), Date.parse(seen?.since ?? problem.since));
  return now - since >= SETTLE_MS[problem.kind];
}

/** Whether a problem comes and goes. */
export function isFlapping(problem: Problem, { appearances }: Memory): boolean {
  return (appearances[problemKey(problem)]?.came.length ?? 0) >= FLAPS;
}

/**
 * Whether what is proposed was replaced so often of late that it stays as it is for now: each one is a
 * file, and a host whose token was stolen can be seen to change without end.
 * @param mine actions about the problem
 */
export function isReplacedOften(
  mine: readonly Pick<Action, "state" | "since">[],
  now: number,
): boolean {
  const replaced = mine.filter(({ state, since }) => {
    return state === "superseded" && now - Date.parse(since) < REPLACED_WINDOW_MS;
  });
  return replaced.length >= MOST_REPLACED;
}

/** What may be well after a boot: a proxy, too, renews what ran out while its host was off. */
const MENDED_AT_BOOT: readonly ProblemKind[] = ["stopped", "closed", "unhealthy", "certificate"];

/** Whether the host's own orchestrator may still mend it: it boots, or holds the service back. */
export function isLeftToHost(
  { cause, kind, host, since }: Problem,
  world: HostWorld,
  now: number,
): boolean {
  if (!MENDED_AT_BOOT.includes(kind)) return false;
  const held = world.services[cause.slice(host.length + 1)]?.heldBy ?? null;
  if (held !== null && now - Date.parse(since) < BOOT_MS) return true;
  if (!world.program) return false;
  const began = Date.parse(world.program.at);
  return now - began < BOOT_MS && Date.parse(since) < began + MINUTE;
}

/** Milliseconds from one proposal to the next after so many. */
function gapAfter(count: number): number {
  return Math.min(FIRST_GAP_MS * 2 ** (count - 1), LONGEST_GAP_MS);
}

/** When the next proposal may be made, in milliseconds since 1970. */
export function notBefore(tries: Memory["tries"][string] | undefined, plan: string | null): number {
  if (!tries || tries.plan !== plan) return 0;
  return Date.parse(tries.last) + gapAfter(tries.count);
}
