// Policies that made-up people sign with ssh-keygen, and orders that are to go by them.
import { bindingHash, type Binding } from "../../../control-plane/contract/actions.ts";
import { orderText, type Order } from "../../../control-plane/contract/order.ts";
import {
  policiesText,
  type DatedPolicies,
  type SignedPolicies,
} from "../../../control-plane/contract/signed-policies.ts";
import type { Work } from "../../../control-plane/contract/work.ts";
import { signOrder } from "../../../control-plane/desk/sign.ts";
import { BINDING } from "../binding.ts";
import { ANNA, orderFor } from "./keys.ts";

/** Restarts on the NAS around the noon of the tests, twice a day. */
export const NOON: DatedPolicies["policies"][number] = {
  name: "noon",
  on: true,
  verbs: ["restart"],
  hosts: ["nas"],
  risks: ["low"],
  hours: { from: "11:00", until: "13:00" },
  atMost: { times: 2, hours: 24 },
};

/** Good for three months around the tests. */
export function dated(
  change: Partial<typeof NOON> = {},
  more: Partial<DatedPolicies> = {},
): DatedPolicies {
  return {
    version: 1,
    timezone: "UTC",
    policies: [{ ...NOON, ...change }],
    signed: "2026-11-20T12:00:00Z",
    until: "2027-02-18T12:00:00Z",
    ...more,
  };
}

/** Policies with a signature. */
export async function signedPolicies(
  policies: DatedPolicies = dated(),
  key = ANNA,
): Promise<SignedPolicies> {
  return signedText(policiesText(policies), key);
}

/** Any text with a signature, in the place of policies. */
export async function signedText(text: string, key = ANNA): Promise<SignedPolicies> {
  const { signature } = await signOrder(text, key);
  if (signature.kind !== "ssh") throw new Error("that is no signature by a key");
  return { version: 1, text, armored: signature.armored };
}

/** What the Executor hands over of an action that went by a policy: nobody signed its order. */
export function workByPolicy(
  policies: SignedPolicies,
  binding: Binding = BINDING,
  policy = "noon",
  change: Partial<Order> = {},
): Work {
  const text = orderText(orderFor(binding, change));
  const authority = { version: 1, text, signature: { kind: "policy", policy, policies } } as const;
  return { version: 1, id: "2".repeat(32), hash: bindingHash(binding), binding, authority };
}
