// The order that stands for an action, and whether an order stands for one.
import { canonical } from "../../model/fingerprint.ts";
import type { Binding } from "./actions.ts";
import type { Order } from "./order.ts";
import { BOUND_TO } from "./verbs.ts";

/**
 * The order of who approves an action.
 * @param hash bindingHash of the binding, as it was shown
 * @param expires whole seconds, e.g. "2026-11-26T12:00:00Z"
 */
export function orderOf(binding: Binding, hash: string, nonce: string, expires: string): Order {
  const { host, verb, target, commit, digests } = binding;
  const bonds = BOUND_TO[verb];
  return {
    host,
    verb,
    target,
    ...(bonds.includes("commit") && commit !== null ? { commit } : {}),
    ...(bonds.includes("digests") ? { digests } : {}),
    shown: hash,
    nonce,
    expires,
  };
}

/** Whether an order is for exactly this action. */
export function standsFor(order: Order, binding: Binding, hash: string): boolean {
  return canonical(order) === canonical(orderOf(binding, hash, order.nonce, order.expires));
}
