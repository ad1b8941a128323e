import * as z from "zod";

/** Schema of /opt/homelab/state/maintenance.json: somebody works on the host. */
const maintenanceSchema = z.looseObject({
  /** Time at which it ends by itself, ISO 8601. @default never */
  until: z.iso.datetime({ offset: true }).optional(),
  reason: z.string(),
  /** Who said so. */
  by: z.string(),
});

/** A host's maintenance. */
export type Maintenance = z.infer<typeof maintenanceSchema>;

/**
 * The maintenance in a text; undefined when it is over. Somebody who wrote it by hand, and wrong,
 * meant it, so what cannot be read counts, and has no end.
 * @param now milliseconds since 1970
 */
export function maintenanceIn(text: string, now: number): Maintenance | undefined {
  const read = parsed(text);
  const over = read.until !== undefined && Date.parse(read.until) <= now;
  return over ? undefined : read;
}

function parsed(text: string): Maintenance {
  try {
    const { data } = maintenanceSchema.safeParse(JSON.parse(text));
    if (data) return data;
  } catch {
    // No JSON either.
  }
  return { reason: "the file cannot be read", by: "unknown" };
}
