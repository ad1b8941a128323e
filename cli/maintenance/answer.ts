import { z } from "zod";

const maintenance = z.strictObject({
  /** ISO 8601; absent where it ends by hand. */
  until: z.string().optional(),
  reason: z.string(),
  /** user@computer. */
  by: z.string(),
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
