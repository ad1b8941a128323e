import { z } from "zod";

/** Schema of `homelab sandbox status --json`. */
export const sandboxStatusSchema = z.strictObject({
  folder: z.string(),
  exists: z.boolean(),
  supervisor: z.boolean(),
  registry: z.boolean(),
  machines: z.array(
    z.strictObject({
      machine: z.string(),
      address: z.string(),
      on: z.boolean().describe("Whether it has power."),
      link: z.enum(["connected", "cut"]).describe("Whether its cable is in."),
      system: z
        .string()
        .optional()
        .describe("What `systemctl is-system-running` says; absent when it cannot be asked."),
      engine: z.string().optional().describe("Engine version; absent when it does not answer."),
      containers: z
        .strictObject({
          total: z.number(),
          running: z.number(),
          healthy: z.number(),
          troubled: z
            .array(z.string())
            .describe("Names of those that are not healthy, or that are not running."),
        })
        .optional(),
    }),
  ),
});
