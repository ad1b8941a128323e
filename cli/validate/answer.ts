import { z } from "zod";

/** Schema of `homelab validate --json`. */
export const validateAnswerSchema = z.strictObject({
  problems: z
    .array(
      z.strictObject({
        path: z.string().describe('Where, e.g. "docker-vm.grafana.ports[0]".'),
        message: z.string().describe("What is wrong and what would be right."),
      }),
    )
    .describe("Each mistake; none where nothing is wrong."),
});
