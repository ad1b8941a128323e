import { z } from "zod";

/** Schema of `homelab images lock --json`: one entry for each lock file. */
export const lockAnswerSchema = z.array(
  z.strictObject({
    file: z.string(),
    /** Images whose digest was asked for. */
    learnt: z.array(z.string()),
    /** Those of them that had another digest. */
    changed: z.array(z.string()),
    /** Those that could not be asked for, and why. */
    failed: z.array(z.strictObject({ image: z.string(), problem: z.string() })),
  }),
);
