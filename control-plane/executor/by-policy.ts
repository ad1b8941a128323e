// Which pending actions go by a policy, as far as this process can tell. The host tells for itself.
import { randomBytes } from "node:crypto";
import { isOver, type Action } from "../contract/actions.ts";
import type { Decision } from "../contract/decision.ts";
import { unfit } from "../contract/fitness.ts";
import type { Worlds } from "../contract/observed.ts";
import { orderText } from "../contract/order.ts";
import { orderOf } from "../contract/order-of.ts";
import { decideOnAction, type Gone } from "../contract/policies.ts";
import { parsePoliciesText, type SignedPolicies } from "../contract/signed-policies.ts";
import { isByPolicy, touchesOwn } from "./decide.ts";

/** How things are. */
interface Around {
  readonly worlds: Worlds;
  /** Services of the control plane, as "<host>/<name>". */
  readonly own: ReadonlySet<string>;
}

/** What goes by a policy goes at once, or not at all: its order's longest life, in milliseconds. */
const ORDER_LIFE_MS = 10 * 60_000;

/**
 * The decisions that policies make now: one for a host at a time, because what waits behind another
 * is soon too old and has counted for nothing.
 * @param actions all that are known, by which it is counted how often something went
 * @param around by which it is told what could be handed out: what cannot be does not count either
 * @param now milliseconds since 1970
 */
export function decidedByPolicy(
  actions: readonly Action[],
  policies: SignedPolicies,
  around: Around,
  now: number,
): Decision[] {
  const dated = parsePoliciesText(policies.text);
  if (!dated || Date.parse(dated.until) <= now) return [];
  const gone = actions.flatMap((action) => goneBy(action));
  const busy = new Set(actions.filter(isUnderWay).map(({ binding }) => binding.host));
  return actions.flatMap((action): Decision[] => {
    const { host } = action.binding;
    if (busy.has(host)) return [];
    const decision = decideOnAction(dated, action, gone, now);
    if (!decision.go || !mayBegin(action, around)) return [];
    const { policy } = decision;
    const at = new Date(now).toISOString();
    gone.push({ policy, at });
    busy.add(host);
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

function mayBegin(action: Action, { worlds, own }: Around): boolean {
  const world = worlds.get(action.binding.host);
  return world !== undefined && unfit(world) === undefined && !touchesOwn(action, own);
}

/** What went by a policy; that no host had before it was over went nowhere. */
function goneBy({ authority, decision, state, claimedBy }: Action): Gone[] {
  const { signature } = authority ?? {};
  if (signature?.kind !== "policy" || !decision) return [];
  return claimedBy === null && isOver(state) ? [] : [{ policy: signature.policy, at: decision.at }];
}

/** Whether its host has it, or is about to get it. What a person approved may wait for long. */
function isUnderWay(action: Action): boolean {
  const { state } = action;
  return state === "approved" ? isByPolicy(action) : state === "claimed" || state === "running";
}
