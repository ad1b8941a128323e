// Whether a host does what it was handed. It trusts nobody who handed it: only the text that a person
// signed, and what a deployment from the desk put on its own disk.
import { bindingHash } from "../contract/actions.ts";
import { CLOCK_TOLERANCE_MS } from "../contract/clocks.ts";
import { parseOrder, type Order, type SignedOrder } from "../contract/order.ts";
import { standsFor } from "../contract/order-of.ts";
import { PASSKEY_VERBS } from "../contract/verbs.ts";
import type { Work } from "../contract/work.ts";
import type { PolicySignature } from "./by-policy.ts";
import type { Nonces } from "./nonces.ts";
import { signerOf, type Signer, type SshKeys } from "./ssh-signature.ts";

/** A signature made with a passkey in a browser. */
export type PasskeySignature = Extract<SignedOrder["signature"], { kind: "passkey" }>;

/** With what a host checks. */
export interface OrderRules {
  /** Name of this host. */
  readonly host: string;
  readonly keys: SshKeys;
  readonly nonces: Nonces;
  /** Milliseconds since 1970, by this host's clock. */
  readonly now: () => number;
  /**
   * Who made a passkey's signature over the order's digest. WebAuthn's own rules (challenge, type,
   * origin, RP ID, user presence and verification) are checked in there. @default no passkey is good
   */
  readonly passkey?: (order: Order, signature: PasskeySignature) => Promise<Signer>;
  /** Who stands for an order that goes by a policy, see `byPolicy`. @default no policy is good */
  readonly policy?: (order: Order, signature: PolicySignature) => Promise<Signer>;
}

/** What a host makes of what it was handed. */
export type Checked = { readonly order: Order; readonly by: string } | { readonly refused: string };

/** No order lives longer than this from when it is used, whatever it says, in milliseconds. */
export const LONGEST_LIFE_MS = 24 * 3600_000;

/**
 * Checks what a host was handed, and uses its order up. Whatever is refused before the end leaves
 * the order unused: who has no signature cannot use it up either.
 */
export async function checkWork(
  { binding, hash, authority }: Work,
  { host, keys, nonces, now, passkey, policy }: OrderRules,
): Promise<Checked> {
  const order = orderIn(authority.text);
  if ("refused" in order) return order;
  if (order.host !== host) return { refused: `it is for ${order.host}, and this is ${host}` };
  if (bindingHash(binding) !== hash) return { refused: "what was handed over is not what it says" };
  if (!standsFor(order, binding, hash)) {
    return { refused: "what was handed over is something else than what was signed" };
  }
  const untimely = untimeliness(order, now());
  if (untimely !== undefined) return { refused: untimely };
  const signer = await signerBy(order, authority, keys, passkey, policy);
  if ("refused" in signer) return signer;
  // Checking took its time.
  const late = untimeliness(order, now());
  if (late !== undefined) return { refused: late };
  if (!nonces.use(order.nonce, Date.parse(order.expires))) {
    return { refused: "it was used before" };
  }
  return { order, by: signer.by };
}

function signerBy(
  order: Order,
  { text, signature }: SignedOrder,
  keys: SshKeys,
  passkey: OrderRules["passkey"],
  policy: OrderRules["policy"],
): Promise<Signer> {
  switch (signature.kind) {
    case "ssh":
      return signerOf(text, signature.armored, keys);
    case "passkey":
      return byPasskey(order, signature, passkey);
    case "policy":
      return policy
        ? policy(order, signature)
        : Promise.resolve({ refused: "this host knows no policy" });
  }
}

/** The order in a text, or why it is none. */
function orderIn(text: string): Order | { readonly refused: string } {
  try {
    return parseOrder(text);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : "it is no order" };
  }
}

function untimeliness({ expires }: Order, now: number): string | undefined {
  const end = Date.parse(expires);
  if (now > end + CLOCK_TOLERANCE_MS) return `it was good until ${expires}`;
  if (end > now + LONGEST_LIFE_MS + CLOCK_TOLERANCE_MS) {
    return `it is good for longer than an order may be, until ${expires}`;
  }
  return undefined;
}

async function byPasskey(
  order: Order,
  signature: PasskeySignature,
  passkey: OrderRules["passkey"],
): Promise<Signer> {
  if (!PASSKEY_VERBS.includes(order.verb)) {
    return {
      refused: `a passkey does not authorise ${order.verb}; sign it with a key at the desk`,
    };
  }
  return passkey ? passkey(order, signature) : { refused: "this host knows no passkey" };
}
