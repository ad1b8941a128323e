// The policies as a person signs them: one text, with when that was and until when it is good. It is
// signed in the namespace of orders; its first line keeps one from being taken for the other.
import * as z from "zod";
import { canonical } from "../../model/fingerprint.ts";
import { policiesSchema } from "./policies.ts";
import { readAs } from "./read-as.ts";

/** First line of the text; another version begins otherwise. */
const TITLE = "homelab policies 1";

/** Longest text, in characters. */
const LONGEST_TEXT = 16_000;
/** Longest signature, in characters. */
const LONGEST_SIGNATURE = 10_000;

/** Schema of what is signed. */
const signedSchema = policiesSchema.extend({
  /** Of two, the one that was signed later is good. Whole seconds. */
  signed: z.iso.datetime({ precision: 0 }),
  /** From then on nothing goes by them. Whole seconds. */
  until: z.iso.datetime({ precision: 0 }),
});

/** Policies, with when they were signed and until when they are good. */
export type DatedPolicies = z.infer<typeof signedSchema>;

/** Schema of decisions/policies.json, where the desk puts them. Whether they are good a host tells. */
export const signedPoliciesSchema = z.strictObject({
  version: z.literal(1),
  text: z.string().max(LONGEST_TEXT).describe("What is signed, to the letter: see policiesText."),
  armored: z
    .string()
    .max(LONGEST_SIGNATURE)
    .describe("What `ssh-keygen -Y sign -n homelab-order` printed."),
});

/** Policies with a signature. */
export type SignedPolicies = z.infer<typeof signedPoliciesSchema>;

/** The text of policies, to be signed as it is. */
export function policiesText(policies: DatedPolicies): string {
  return `${TITLE}\n${canonical(policies)}\n`;
}

/**
 * The policies in a text; undefined for one that this program would not have written so, however clear
 * it seems: who signed it may have read something else.
 */
export function parsePoliciesText(text: string): DatedPolicies | undefined {
  if (text.length > LONGEST_TEXT || !text.startsWith(`${TITLE}\n`)) return undefined;
  const policies = readAs(signedSchema, text.slice(TITLE.length + 1));
  return policies && policiesText(policies) === text ? policies : undefined;
}
