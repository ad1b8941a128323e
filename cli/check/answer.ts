import { z } from "zod";

/** Schema of `homelab check --json`. */
export const checkAnswerSchema = z.strictObject({
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe("0 all is well, 1 warnings, 2 failures."),
  rows: z
    .array(
      z.strictObject({
        host: z.string().describe("Name of the host."),
        check: z
          .string()
          .describe('What was looked at, e.g. "gate nas-media", "container frigate".'),
        state: z
          .enum(["ok", "warning", "failure"])
          .describe(
            "warning: it works, and may not for long. failure: a deployment or a service needs it.",
          ),
        seen: z.string().describe("What was seen."),
        remedy: z.string().describe("What to do about it; empty when it is ok."),
      }),
    )
    .describe("One entry for each point of each host."),
});
