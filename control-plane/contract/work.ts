// What the Executor and a host's actor say to each other. The host asks: `GET /work` waits until
// there is something and answers 204 after a while when there is nothing; `POST /work/<id>/<step>`
// says how far it is. Both carry the host's token as `Authorization: Bearer`.
import * as z from "zod";
import { bindingSchema } from "./actions.ts";
import { signedOrderSchema } from "./order.ts";
import { line, randomId, sha256 } from "./words.ts";

/** How far a host is with what it fetched. */
export const STEPS = [
  /** It checked the order, remembers it as used, and is about to act. */
  "began",
  "ended",
  /** It will not do it. */
  "refused",
] as const;

/** How far a host is with what it fetched. */
export type Step = (typeof STEPS)[number];

/** Schema of the answer to `GET /work`. It is given once, and to nobody else. */
export const workSchema = z.strictObject({
  version: z.literal(1),
  id: randomId,
  /** bindingHash of the binding. */
  hash: sha256,
  binding: bindingSchema,
  authority: signedOrderSchema,
});

/** What a host is asked to do. */
export type Work = z.infer<typeof workSchema>;

/** Schema of the body of `POST /work/<id>/<step>`. */
export const stepSchema = z.strictObject({
  version: z.literal(1),
  /** Whether it was done and worked. "began" says true, "refused" false. */
  ok: z.boolean(),
  /** How it went, or why it was refused, in one sentence. */
  said: line,
});

/** How a step went. */
export type StepReport = z.infer<typeof stepSchema>;
