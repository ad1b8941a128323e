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
      /** Whether it has power. */
      on: z.boolean(),
      /** Whether its cable is in. */
      link: z.enum(["connected", "cut"]),
      /** What `systemctl is-system-running` says; absent when it cannot be asked. */
      system: z.string().optional(),
      /** Engine version; absent when it does not answer. */
      engine: z.string().optional(),
      containers: z
        .strictObject({
          total: z.number(),
          running: z.number(),
          healthy: z.number(),
          /** Names of those that are not healthy, or that are not running. */
          troubled: z.array(z.string()),
        })
        .optional(),
    }),
  ),
});
