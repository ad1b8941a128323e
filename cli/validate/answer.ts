import { z } from "zod";

/** Schema of `homelab validate --json`. */
export const validateAnswerSchema = z.strictObject({
  /** Each mistake; none where nothing is wrong. */
  problems: z.array(
    z.strictObject({
      /** Where, e.g. "docker-vm.grafana.ports[0]". */
      path: z.string(),
      /** What is wrong and what would be right. */
      message: z.string(),
    }),
  ),
});
