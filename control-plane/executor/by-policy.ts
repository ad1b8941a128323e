// Which pending actions go by a policy, as far as this process can tell. The host tells for itself.
import { randomBytes } from "node:crypto";
import type { Action } from "../contract/actions.ts";
import type { Decision } from "../contract/decision.ts";
import { orderText } from "../contract/order.ts";
import { orderOf } from "../contract/order-of.ts";
import { decideOnAction, type Gone } from "../contract/policies.ts";
import { parsePoliciesText, type SignedPolicies } from "../contract/signed-policies.ts";

/** What goes by a policy goes at once, or not at all: its order's longest life, in milliseconds. */
const ORDER_LIFE_MS = 10 * 60_000;

/**
 * The decisions that policies make now.
 * @param actions all that are known, by which it is counted how often something went
 * @param now milliseconds since 1970
 */
export function decidedByPolicy(
  actions: readonly Action[],
  policies: SignedPolicies,
  now: number,
): Decision[] {
  const dated = parsePoliciesText(policies.text);
  if (!dated || Date.parse(dated.until) <= now) return [];
  const gone = actions.flatMap(({ authority, decision }): Gone[] => {
    const { signature } = authority ?? {};
    return signature?.kind === "policy" && decision
      ? [{ policy: signature.policy, at: decision.at }]
      : [];
  });
  return actions.flatMap((action): Decision[] => {
    const decision = decideOnAction(dated, action, gone, now);
    if (!decision.go) return [];
    const { policy } = decision;
    const at = new Date(now).toISOString();
    gone.push({ policy, at });
    const { id, binding, hash, expires } = action;
    const end = new Date(Math.min(Date.parse(expires), now + ORDER_LIFE_MS)).toISOString();
    const nonce = randomBytes(16).toString("hex");
    const text = orderText(orderOf(binding, hash, nonce, end.replace(/\.\d+Z$/, "Z")));
    const authority = {
      version: 1,
      text,
      signature: { kind: "policy", policy, policies },
    } as const;
    const by = `policy ${policy}`;
    return [
      { version: 1, action: id, shown: hash, verdict: "approve", by, at, reason: null, authority },
    ];
  });
}
