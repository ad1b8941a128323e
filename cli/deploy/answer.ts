import { z } from "zod";

/** Schema of `homelab unlock --json`. */
export const unlockAnswerSchema = z.strictObject({
  host: z.string().describe("Name of the host."),
  lockTaken: z
    .string()
    .nullable()
    .describe("Whose lock was taken away, in one line; null when nobody had it."),
  markTaken: z
    .boolean()
    .describe("Whether a run that was cut off still kept the boot orchestrator's hands off."),
  removed: z
    .array(z.string())
    .describe("Files of Pulumi's state that were left half written, and are removed now."),
});
