import { z } from "zod";

/** Schema of `homelab release --json`. */
export const releaseAnswerSchema = z.strictObject({
  host: z.string().describe("Name of the host."),
  wasHeld: z.boolean().describe("Whether it was held at an earlier deployment until now."),
});
