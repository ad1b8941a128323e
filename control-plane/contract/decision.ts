// What a person, at the desk or on the page, decided: decisions/<id>.json. It is made once, whole,
// and never replaced, so of many who decide at the same moment one has.
import * as z from "zod";
import { signedOrderSchema } from "./order.ts";
import { readAs } from "./read-as.ts";
import { line, randomId, sha256, time } from "./words.ts";

/** Schema of decisions/<id>.json. */
export const decisionSchema = z
  .strictObject({
    version: z.literal(1),
    action: randomId,
    /** Hash of what was shown to who decided. */
    shown: sha256,
    verdict: z.enum(["approve", "reject"]),
    /** Person, or policy that a person signed. */
    by: line,
    at: time,
    /** Why; a rejection has to say it. */
    reason: line.nullable(),
    /** What was signed; only an approval has it. */
    authority: signedOrderSchema.nullable(),
  })
  .refine(({ verdict, authority }) => (verdict === "approve") === (authority !== null), {
    message: "an approval has a signed order, and a rejection has none",
    path: ["authority"],
  })
  .refine(({ verdict, reason }) => verdict === "approve" || (reason ?? "") !== "", {
    message: "a rejection says why",
    path: ["reason"],
  });

/** A decision. */
export type Decision = z.infer<typeof decisionSchema>;

/** The decision in a text; undefined for one that is torn or of another version. */
export function parseDecision(text: string): Decision | undefined {
  return readAs(decisionSchema, text);
}
