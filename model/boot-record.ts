import * as z from "zod";

const time = z.string();

/** Where a service stands, as the host's orchestrator sees it. */
const service = z.strictObject({
  state: z.enum([
    /** Not started yet: something it needs is not there, and may still come. */
    "waiting",
    "starting",
    "healthy",
    /** Ran to its end, as it has to. */
    "completed",
    /** Not healthy, or not to be started; `reason` says why. */
    "failed",
    /** Not started, because `by` is missing. Starts by itself when that is there. */
    "held",
    /** Ended by itself, and is started again at once. */
    "crashed",
    /** Is being stopped, to see a mount that came after it or is mounted anew. */
    "stopping",
    /** A person or a deployment stopped it; stays so until one of them starts it, or the next boot. */
    "stopped",
    /** It has no container any more. */
    "removed",
  ]),
  /** When it came into this state. */
  since: time,
  /** Service ("db") or gate ("gate:nas-media") without which it cannot run. Only for "held". */
  by: z.string().optional(),
  /** Only for "failed". */
  reason: z.string().optional(),
  /** How often it was started again by itself, since the orchestrator began. */
  restarts: z.number().int().nonnegative(),
});

const gate = z.strictObject({
  open: z.boolean(),
  since: time,
  /** In one line, why it is closed; of an open one, what is wrong with its mount. */
  seen: z.string().optional(),
});

/** Schema of /opt/homelab/state/boot.json. Times are ISO 8601. */
export const bootRecordSchema = z.strictObject({
  version: z.literal(1),
  host: z.string(),
  /** When this boot began: the first look after the engine answered. */
  began: time,
  /** How the boot ended; missing while it is under way. */
  ended: z
    .strictObject({
      at: time,
      healthy: z.number().int().nonnegative(),
      failed: z.array(z.string()),
      held: z.array(z.string()),
    })
    .optional(),
  gates: z.record(z.string(), gate),
  services: z.record(z.string(), service),
});

/** What became of a host's services; kept by the boot orchestrator. */
export type BootRecord = z.infer<typeof bootRecordSchema>;
/** One service of it. */
export type RecordedService = BootRecord["services"][string];

/** The record in a text; undefined for one that a later or broken program left. */
export function parseBootRecord(text: string): BootRecord | undefined {
  try {
    return bootRecordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
