import { z } from "zod";

/** Schema of `homelab check --json`. */
export const checkAnswerSchema = z.strictObject({
  /** 0 all is well, 1 warnings, 2 failures. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  rows: z.array(
    z.strictObject({
      host: z.string(),
      /** What was looked at, e.g. "gate nas-media", "container frigate". */
      check: z.string(),
      state: z.enum(["ok", "warning", "failure"]),
      /** What was seen. */
      seen: z.string(),
      /** What to do about it; empty when it is ok. */
      remedy: z.string(),
    }),
  ),
});
