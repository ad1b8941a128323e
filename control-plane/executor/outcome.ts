// How what a host did came out, by what is observed after it, and never by its word alone.
import type { Action } from "../contract/actions.ts";
import { isKnown } from "../contract/fitness.ts";
import { goalState } from "../contract/goal.ts";
import type { Worlds } from "../contract/observed.ts";
import { moved } from "./move.ts";

const MINUTE = 60_000;

/** A host that fetched something says within this time that it began. */
const BEGINS_WITHIN_MS = 2 * MINUTE;
/** Nothing that a host does takes longer. */
const ENDS_WITHIN_MS = 6 * 60 * MINUTE;
/** What is seen to be otherwise may still settle for so long. */
const SETTLES_WITHIN_MS = 3 * MINUTE;
/** A host that is heard says within this time how the thing is. */
const SEEN_WITHIN_MS = 15 * MINUTE;
/** After that nobody will tell. */
const GIVEN_UP_MS = 24 * 60 * MINUTE;

/** An action as it is after another look; the same one when nothing follows from it. */
export function settled(action: Action, worlds: Worlds, now: number): Action {
  const age = now - Date.parse(action.since);
  switch (action.state) {
    case "claimed":
      return age > BEGINS_WITHIN_MS
        ? cutOff(action, "its host did not say that it began", now)
        : action;
    case "running":
      if (action.endedAt !== undefined) return judged(action, action.endedAt, worlds, now);
      return age > ENDS_WITHIN_MS
        ? cutOff(action, "its host did not say that it ended", now)
        : action;
    case "interrupted":
      return judged(action, action.endedAt ?? action.since, worlds, now);
    case "pending":
    case "approved":
    case "verified":
    case "failed":
    case "rejected":
    case "expired":
    case "superseded":
      return action;
  }
}

/** What was under way when the process ended: nobody knows how far it came, and it is not run again. */
export function afterRestart(action: Action, now: number): Action {
  const isCut =
    action.state === "claimed" || (action.state === "running" && action.endedAt === undefined);
  return isCut ? cutOff(action, "the Executor ended meanwhile", now) : action;
}

/** What a host that asks for more had begun, and does not do any more. */
export function afterReturn(action: Action, now: number): Action {
  const isCut = action.state === "running" && action.endedAt === undefined;
  return isCut ? cutOff(action, "its host asks for more without having said the end", now) : action;
}

function cutOff(action: Action, why: string, now: number): Action {
  return moved(action, "interrupted", now, {
    outcome: `${why}; what came of it is taken from observation`,
  });
}

function judged(action: Action, since: string, worlds: Worlds, now: number): Action {
  const age = now - Date.parse(since);
  const goal = goalState(worlds, action.binding, since);
  if (goal === "met") {
    return moved(action, "verified", now, { outcome: "observed to be as it was meant" });
  }
  if (goal === "missed" && age > SETTLES_WITHIN_MS) {
    return moved(action, "failed", now, {
      outcome: `${saidBefore(action)}it is observed not to be as it was meant`,
    });
  }
  const world = worlds.get(action.binding.host);
  const isHeard = world !== undefined && isKnown(world);
  if ((isHeard && age > SEEN_WITHIN_MS) || age > GIVEN_UP_MS) {
    return moved(action, "failed", now, {
      outcome: `${saidBefore(action)}nothing was observed of it since`,
    });
  }
  return action;
}

function saidBefore({ outcome }: Action): string {
  return outcome === null ? "" : `${outcome}; `;
}
