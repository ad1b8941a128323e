// Approving and rejecting, without words: what is signed, and the one file that says so. The pages
// and the commands do the same through this.
import { randomBytes } from "node:crypto";
import { parseAction, type Action } from "../contract/actions.ts";
import { decisionSchema, type Decision } from "../contract/decision.ts";
import { own } from "../contract/observed.ts";
import { orderText, type SignedOrder } from "../contract/order.ts";
import { orderOf } from "../contract/order-of.ts";
import { readSupervisorState, actionPath, decisionPath, worldIsOld } from "../disk/places.ts";
import type { Disk } from "../disk/disk.ts";
import { randomId } from "../contract/words.ts";

/** Longest life of an order: who signs it wants it now. */
const ORDER_LIFE_MS = 3600_000;

/** What can be approved, and the text that says so. */
export interface Signable {
  readonly action: Action;
  /** To be signed exactly as it is. */
  readonly text: string;
}

/** What became of a wish. */
export type Answer<Value> = Value | { readonly refused: string };

/** The text by which an action is approved. @param now milliseconds since 1970 */
export function signable(disk: Disk, root: string, id: string, now: number): Answer<Signable> {
  const old = worldIsOld(disk, root, now);
  if (old !== undefined) return { refused: `nobody knows how things are: ${old}` };
  const action = openAction(disk, root, id, now);
  if ("refused" in action) return action;
  const { binding, hash, expires } = action;
  const end = Math.min(Date.parse(expires), now + ORDER_LIFE_MS);
  const until = new Date(end).toISOString().replace(/\.\d+Z$/, "Z");
  const nonce = randomBytes(16).toString("hex");
  return { action, text: orderText(orderOf(binding, hash, nonce, until)) };
}

/** Who decides, and when. */
export interface Decider {
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Approves an action. Of many who do so at the same moment one does.
 * @param shown hash of what was shown to who approves
 */
export function approve(
  disk: Disk,
  root: string,
  id: string,
  shown: string,
  authority: SignedOrder,
  { by, now }: Decider,
): Answer<{ readonly decision: Decision }> {
  const action = openAction(disk, root, id, now);
  if ("refused" in action) return action;
  if (action.hash !== shown) return { refused: "it is not any more what was shown" };
  return kept(
    disk,
    root,
    { action: id, shown, verdict: "approve", by, reason: null, authority },
    now,
  );
}

/** Rejects an action; it is not proposed again for a day. */
export function reject(
  disk: Disk,
  root: string,
  id: string,
  reason: string,
  { by, now }: Decider,
): Answer<{ readonly decision: Decision }> {
  const action = openAction(disk, root, id, now);
  if ("refused" in action) return action;
  const { hash: shown } = action;
  return kept(
    disk,
    root,
    { action: id, shown, verdict: "reject", by, reason, authority: null },
    now,
  );
}

function kept(
  disk: Disk,
  root: string,
  decision: Omit<Decision, "version" | "at">,
  now: number,
): Answer<{ readonly decision: Decision }> {
  const at = new Date(now).toISOString();
  const { data, error } = decisionSchema.safeParse({ version: 1, at, ...decision });
  if (!data) return { refused: error.issues.map(({ message }) => message).join("; ") };
  const isMine = disk.create(decisionPath(root, decision.action), `${JSON.stringify(data)}\n`);
  return isMine ? { decision: data } : { refused: "somebody has decided already" };
}

function openAction(disk: Disk, root: string, id: string, now: number): Answer<Action> {
  if (!randomId.safeParse(id).success) return { refused: "that is no id of an action" };
  const action = parseAction(disk.read(actionPath(root, id)) ?? "");
  if (action?.id !== id) return { refused: "there is no such action" };
  if (action.state === "superseded") {
    return { refused: `it is superseded by ${action.supersededBy ?? "nothing yet"}` };
  }
  if (action.state !== "pending") return { refused: `it is ${action.state} already` };
  const closing = readSupervisorState(disk, root)?.closing ?? {};
  const said = own(closing, id);
  if (said) return { refused: `it is ${said.state}: ${said.why}` };
  if (Date.parse(action.expires) <= now) return { refused: `it expired at ${action.expires}` };
  return action;
}
