// How the Observer itself is: state/observer_health.json, and what it answers on /healthz.
import * as z from "zod";
import { readAs } from "./read-as.ts";
import { hostName, line, time } from "./words.ts";

/** Schema of it. One that was written too long ago says that the whole world is old. */
export const observerHealthSchema = z.object({
  version: z.literal(1),
  build: line,
  /** When this was written. */
  at: time,
  began: time,
  /** Last line of the log. */
  sequence: z.number().int().nonnegative(),
  /** Whether events are acknowledged. While they are not, nothing may be approved. */
  writable: z.boolean(),
  /** What the disk did not take last; null when it took everything. */
  problem: line.nullable(),
  /** What became of the log when it was read at the start. */
  read: z.object({
    lines: z.number().int().nonnegative(),
    /** A last line that was cut off. */
    torn: z.number().int().nonnegative(),
    /** Lines whose checksum is wrong, or that are none. */
    garbage: z.number().int().nonnegative(),
    /** Lines that had been read before. */
    duplicates: z.number().int().nonnegative(),
    /** Lines that must have been there and are not. */
    missing: z.number().int().nonnegative(),
  }),
  /** Since the start. */
  taken: z.object({
    events: z.number().int().nonnegative(),
    duplicates: z.number().int().nonnegative(),
    refused: z.number().int().nonnegative(),
    /** Requests with no token, a wrong one, or another host's. */
    denied: z.number().int().nonnegative(),
    /** How often our clock went back between two receipts. */
    clockWentBack: z.number().int().nonnegative(),
  }),
  kept: z.object({
    bytes: z.number().int().nonnegative(),
    /** Oldest day of which there are events; null when there are none. */
    since: line.nullable(),
  }),
  /** Hosts whose token cannot be read, and who are therefore refused. */
  withoutToken: z.array(hostName),
});

/** How the Observer is. */
export type ObserverHealth = z.infer<typeof observerHealthSchema>;

/** The health in a text; undefined for one that is torn or of another version. */
export function parseObserverHealth(text: string): ObserverHealth | undefined {
  return readAs(observerHealthSchema, text);
}
