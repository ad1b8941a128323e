// The Action Queue: what waits, is wanted, is under way, and is over.
import { commandAtDesk } from "../../contract/at-desk.ts";
import type { Action } from "../../contract/actions.ts";
import type { Session } from "../../contract/page-api.ts";
import type { Column } from "./columns.ts";
import type { Condition, Knowledge, Tone } from "./tone.ts";
import { WORDS } from "../words.ts";

const COLUMN_OF: Readonly<Record<Action["state"], Column>> = {
  pending: "pending",
  approved: "approved",
  claimed: "running",
  running: "running",
  interrupted: "running",
  verified: "done",
  failed: "done",
  rejected: "done",
  expired: "done",
  superseded: "done",
};

/** What is over is shown so often; `npx homelab actions --all` shows the rest. */
const MOST_DONE = 12;

/** Actions by column: what waits the longest first, what ended last first. */
export function queueOf(actions: readonly Action[]): Readonly<Record<Column, readonly Action[]>> {
  const of = (column: Column): Action[] =>
    actions.filter(({ state }) => COLUMN_OF[state] === column).sort(bySince);
  return {
    pending: of("pending"),
    approved: of("approved"),
    running: of("running"),
    done: of("done").reverse().slice(0, MOST_DONE),
  };
}

function bySince(a: Action, b: Action): number {
  return a.since.localeCompare(b.since) || a.id.localeCompare(b.id);
}

const TONES: Readonly<Record<Action["state"], Tone>> = {
  pending: "busy",
  approved: "busy",
  claimed: "busy",
  running: "busy",
  interrupted: "unknown",
  verified: "good",
  failed: "bad",
  rejected: "idle",
  expired: "idle",
  superseded: "idle",
};

/** How an action is. Nothing is good before an observation that is newer than its end has shown it. */
export function progressOf({ state, endedAt }: Action): Condition {
  const isOver = state === "running" && endedAt !== undefined;
  return { tone: TONES[state], word: isOver ? WORDS.endedUnseen : WORDS.action[state] };
}

/** "Restart jellyfin on nas". */
export function titleOf({ binding: { verb, target, host } }: Action): string {
  return WORDS.doing(WORDS.verb[verb], target, host);
}

/** Letters of an id or a hash that a person compares; the beginning of an id is enough for a command. */
const SHORT = 12;

/** An id or a hash, as far as a person compares it. */
export function short(text: string): string {
  return text.slice(0, SHORT);
}

/** What a person types at the desk to have it done. */
export function approveCommand({ id, binding }: Action): string {
  return commandAtDesk(binding) ?? `npx homelab approve ${short(id)}`;
}

/** What a person types at the desk so that it is not recommended again for a day. */
export function rejectCommand({ id }: Action): string {
  return `npx homelab reject ${short(id)} --reason "…"`;
}

/** Whether a host does it once it is approved; otherwise a person does it at the desk. */
export function isDoneByHost({ binding }: Action): boolean {
  return commandAtDesk(binding) === null;
}

/** Why somebody cannot decide about an action now; null when they can. */
export function whyNot(
  { state, expires }: Action,
  { role }: Pick<Session, "role">,
  { old }: Knowledge,
  now: number,
): string | null {
  if (state !== "pending") return WORDS.notPending;
  if (role !== "operator") return WORDS.onlyOperators;
  if (old !== null) return WORDS.notWhileOld(old);
  if (Date.parse(expires) <= now) return WORDS.hasExpired;
  return null;
}

/** Seconds until an action expires; 0 when it has. */
export function secondsLeft({ expires }: Action, now: number): number {
  return Math.max(0, (Date.parse(expires) - now) / 1000);
}
