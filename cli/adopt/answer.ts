import { z } from "zod";

/** The command to type next. */
const next = z.string();

/** Schema of what `homelab adopt --json` prints when there is no such container. */
export const nothingAdoptedSchema = z.strictObject({ removed: z.literal(false), next });

/** Schema of what it prints when it removed one. */
export const adoptedSchema = z.strictObject({
  removed: z.literal(true),
  /** Of the container. */
  id: z.string(),
  /** What it had mounted, all of which is still there. */
  kept: z.array(
    z.strictObject({
      /** Volume name or path on the host. */
      source: z.string(),
      target: z.string(),
      /** The engine made it and gave it no name but a hash. */
      nameless: z.boolean(),
    }),
  ),
  /** What was copied to where the declared service has it. */
  copies: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  next,
});

/** Schema of `homelab adopt --json`. */
export const adoptAnswerSchema = z.union([nothingAdoptedSchema, adoptedSchema]);
