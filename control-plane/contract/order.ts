// What a person signs: one text that says who does what to what, until when, and once. The host that
// acts reads this text and nothing else; it is the same at the desk, on the page and on the host.
import { createHash } from "node:crypto";
import * as z from "zod";
import { UserError } from "../../model/errors.ts";
import { signedPoliciesSchema } from "./signed-policies.ts";
import { BOUND_TO, TARGETS, verb } from "./verbs.ts";
import { commit, hostName, imageDigest, randomId, sha256, thingName } from "./words.ts";

/** First line of the text; another version begins otherwise. */
const TITLE = "homelab order 1";

/** Stands where a verb is bound to no commit or to no digests. */
const NONE = "-";

/** Most images that one order is about. */
const MOST_DIGESTS = 100;

/** Schema of an order. */
export const orderSchema = z
  .strictObject({
    host: hostName,
    verb,
    /** Its form depends on the verb, see TARGETS. */
    target: z.string(),
    /** Present when, and only when, the verb is bound to one. */
    commit: commit.optional(),
    /** Present when, and only when, the verb is bound to some. */
    digests: z.array(imageDigest).min(1).max(MOST_DIGESTS).optional(),
    /** SHA-256 of what was shown, see bindingHash. */
    shown: sha256,
    /** Used once; the host remembers it until the order expires. */
    nonce: randomId,
    /** Whole seconds, e.g. "2026-11-26T12:00:00Z"; from then on it is refused. */
    expires: z.iso.datetime({ precision: 0 }),
  })
  .check(({ value, issues }) => {
    const wrong = (path: string, message: string): void => {
      issues.push({ code: "custom", message, input: value, path: [path] });
    };
    if (!TARGETS[value.verb].safeParse(value.target).success) {
      wrong("target", `is no target of ${value.verb}`);
    }
    if (value.verb === "deploy-host" && value.target !== value.host) {
      wrong("target", "has to be the host itself");
    }
    for (const bond of ["commit", "digests"] as const) {
      const isBound = BOUND_TO[value.verb].includes(bond);
      if (isBound !== (value[bond] !== undefined)) {
        wrong(bond, isBound ? `is missing for ${value.verb}` : `is nothing for ${value.verb}`);
      }
    }
  });

/** What a person authorises. */
export type Order = z.infer<typeof orderSchema>;

/** Longest text of an order, in characters; MOST_DIGESTS images fit in. */
const LONGEST_ORDER = 10_000;

/** Bytes in the form that WebAuthn has in JSON (www.w3.org/TR/webauthn-3, base64url). */
const base64url = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(LONGEST_ORDER);

/** Schema of an order with a signature, as a host gets it. It says nothing of whether that is good. */
export const signedOrderSchema = z.strictObject({
  version: z.literal(1),
  text: z.string().max(LONGEST_ORDER).describe("What is signed, to the letter: see orderText."),
  signature: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("ssh"),
        armored: z
          .string()
          .max(LONGEST_ORDER)
          .describe("What `ssh-keygen -Y sign -n homelab-order` printed."),
      }),
      // What a browser's authenticator answered to the challenge that orderDigest is.
      z.strictObject({
        kind: z.literal("passkey"),
        credentialId: base64url.describe("Which passkey, as WebAuthn has it."),
        authenticatorData: base64url.describe("Of WebAuthn."),
        clientDataJSON: base64url.describe("Of WebAuthn."),
        signature: base64url.describe("Of WebAuthn."),
      }),
      // Nobody signed this order: somebody signed what may go without.
      z.strictObject({
        kind: z.literal("policy"),
        policy: thingName.describe("Which of the policies lets it go."),
        policies: signedPoliciesSchema.describe("What a person signed."),
      }),
    ])
    .describe("By ssh key, passkey or signed policy."),
});

/** An order with a signature. */
export type SignedOrder = z.infer<typeof signedOrderSchema>;

/**
 * The text of an order, to be signed as it is.
 * @throws UserError HL-ORDER when it is no order
 */
export function orderText(order: Order): string {
  const checked = orderSchema.safeParse(order);
  if (!checked.success) throw noOrder(z.prettifyError(checked.error));
  return written(checked.data);
}

/**
 * The order in a text. Every byte counts: what this program would not have written so is refused,
 * however clear it seems, because somebody may have signed it reading something else.
 * @throws UserError HL-ORDER when it is no order, or written in any other way
 */
export function parseOrder(text: string): Order {
  const [title, ...lines] = text.split("\n");
  if (title !== TITLE) throw noOrder(`it does not begin with "${TITLE}"`);
  const fields = new Map<string, string>();
  for (const each of lines) {
    const [, key, value] = /^([a-z]+): (.*)$/.exec(each) ?? [];
    if (key !== undefined && value !== undefined) fields.set(key, value);
  }
  const stated = (key: string): string | undefined => {
    const value = fields.get(key);
    return value === NONE ? undefined : value;
  };
  const { success, data, error } = orderSchema.safeParse({
    host: fields.get("host"),
    verb: fields.get("verb"),
    target: fields.get("target"),
    ...optional("commit", stated("commit")),
    ...optional("digests", stated("digests")?.split(" ")),
    shown: fields.get("shown"),
    nonce: fields.get("nonce"),
    expires: fields.get("expires"),
  });
  if (!success) throw noOrder(z.prettifyError(error));
  if (written(data) !== text) throw noOrder("it is not written as this program writes it");
  return data;
}

/** SHA-256 of an order's text, in hexadecimal: the challenge of a passkey. */
export function orderDigest(order: Order): string {
  return createHash("sha256").update(orderText(order)).digest("hex");
}

function written(order: Order): string {
  const fields = {
    host: order.host,
    verb: order.verb,
    target: order.target,
    commit: order.commit ?? NONE,
    digests: order.digests?.join(" ") ?? NONE,
    shown: order.shown,
    nonce: order.nonce,
    expires: order.expires,
  };
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  return `${[TITLE, ...lines].join("\n")}\n`;
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}

function noOrder(reason: string): UserError {
  return new UserError(
    "HL-ORDER",
    `this is no order that can be carried out: ${reason}. Approve the action again, which writes it anew`,
  );
}
