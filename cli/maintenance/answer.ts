import { z } from "zod";

const maintenance = z.strictObject({
  until: z.string().optional().describe("ISO 8601; absent where it ends by hand."),
  reason: z.string(),
  by: z.string().describe("user@computer."),
});

/** Schema of what `homelab maintenance --json` prints without a host: who is under maintenance. */
export const underMaintenanceSchema = z.array(maintenance.extend({ host: z.string() }));

/** Schema of what it prints of one host; null: it is over. */
export const announcedSchema = z.strictObject({
  host: z.string(),
  maintenance: maintenance.nullable(),
});

/** Schema of `homelab maintenance --json`. */
export const maintenanceAnswerSchema = z.union([underMaintenanceSchema, announcedSchema]);
