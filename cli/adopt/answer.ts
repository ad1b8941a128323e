import { z } from "zod";

/** The command to type next. */
const next = z.string();

/** Schema of what `homelab adopt --json` prints when there is no such container. */
export const nothingAdoptedSchema = z.strictObject({ removed: z.literal(false), next });

/** Schema of what it prints when it removed one. */
export const adoptedSchema = z.strictObject({
  removed: z.literal(true),
  id: z.string().describe("Of the container."),
  kept: z
    .array(
      z.strictObject({
        source: z.string().describe("Volume name or path on the host."),
        target: z.string(),
        nameless: z.boolean().describe("The engine made it and gave it no name but a hash."),
      }),
    )
    .describe("What it had mounted, all of which is still there."),
  copies: z
    .array(z.strictObject({ from: z.string(), to: z.string() }))
    .describe("What was copied to where the declared service has it."),
  next,
});

/** Schema of `homelab adopt --json`. */
export const adoptAnswerSchema = z.union([nothingAdoptedSchema, adoptedSchema]);
