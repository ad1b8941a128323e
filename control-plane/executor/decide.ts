// What becomes of an action by a person's decision.
import type { Action } from "../contract/actions.ts";
import type { Decision } from "../contract/decision.ts";
import { parseOrder, type Order } from "../contract/order.ts";
import { standsFor } from "../contract/order-of.ts";
import { ownService } from "../contract/observed.ts";
import { moved } from "./move.ts";

/** What becomes of a decision. */
export type Decided = { readonly action: Action } | { readonly refused: string };

/**
 * Takes over a decision, or says why not. Whether its signature is good is not asked here: that is
 * the host's to tell, and this process could be a thief's.
 * @param own services of the control plane, as "<host>/<name>"
 * @param now milliseconds since 1970
 */
export function decided(
  action: Action,
  { shown, verdict, by, at, reason, authority }: Decision,
  own: ReadonlySet<string>,
  now: number,
): Decided {
  const { state, hash, expires, supersededBy, binding } = action;
  if (state === "superseded") {
    return { refused: `it is superseded${supersededBy === null ? "" : ` by ${supersededBy}`}` };
  }
  const decision = { by, at, reason };
  if (verdict === "reject" && state === "approved" && isByPolicy(action)) {
    return { action: moved(action, "rejected", now, { decision, authority: null }) };
  }
  if (state !== "pending") return { refused: `it is ${state} already` };
  if (verdict === "reject") return { action: moved(action, "rejected", now, { decision }) };
  if (Date.parse(expires) <= now) return { refused: `it could be approved until ${expires}` };
  if (shown !== hash) return { refused: "something else was shown than what it is now" };
  if (touchesOwn(action, own)) return { refused: "the control plane does not act on itself" };
  const order = authority && orderIn(authority.text);
  if (!order) return { refused: "what was signed is no order" };
  if (!standsFor(order, binding, hash)) return { refused: "what was signed is another order" };
  if (Date.parse(order.expires) <= now)
    return { refused: `the order was good until ${order.expires}` };
  return { action: moved(action, "approved", now, { decision, authority }) };
}

/** Whether no person decided on it: what a policy lets go, a person may keep. */
export function isByPolicy({ authority }: Pick<Action, "authority">): boolean {
  return authority?.signature.kind === "policy";
}

/** By a policy nobody has: a person may still say no, and is told when it is too late for that. */
export function hasPersonDecided(action: Action): boolean {
  return action.decision !== null && !isByPolicy(action);
}

/** Whether an action would restart a part of the control plane. */
export function touchesOwn(
  { binding: { verb, host, target }, blastRadius }: Action,
  own: ReadonlySet<string>,
): boolean {
  return [...ownService(verb, host, target), ...blastRadius.restarts].some((id) => own.has(id));
}

/** The order in a text; undefined when it is none. */
export function orderIn(text: string): Order | undefined {
  try {
    return parseOrder(text);
  } catch {
    return undefined;
  }
}
