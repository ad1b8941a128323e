import { z } from "zod";

/** Schema of `homelab images lock --json`: one entry for each lock file. */
export const lockAnswerSchema = z.array(
  z.strictObject({
    file: z.string(),
    learnt: z.array(z.string()).describe("Images whose digest was asked for."),
    changed: z.array(z.string()).describe("Those of them that had another digest."),
    failed: z
      .array(z.strictObject({ image: z.string(), problem: z.string() }))
      .describe("Those that could not be asked for, and why."),
  }),
);
