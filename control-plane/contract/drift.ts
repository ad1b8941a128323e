// Where a host is not as it is declared, as far as that can be told without looking into anything:
// both sides are fingerprints and digests, so no value of either stands in it.
import * as z from "zod";
import { hostName, line, thingName, time } from "./words.ts";

/** What may differ. */
export const DRIFT_KINDS = [
  /** The plan that a host has. */
  "plan",
  /** What a container was made from. */
  "made",
  /** The image that a container has. */
  "image",
] as const;

const difference = z.strictObject({
  /** Null for the plan of the host. */
  service: thingName.nullable(),
  kind: z.enum(DRIFT_KINDS),
  /** Fingerprint or digest. */
  declared: line,
  /** The same of what is there; null for a host without a plan, and a container that somebody else made. */
  found: line.nullable(),
  /** When the host last showed it. */
  at: time,
});

/** Schema of what one host has otherwise than declared. */
export const hostDriftSchema = z.strictObject({
  host: hostName,
  /** Why it was not compared; null when it was. Differences are those that were found before. */
  withheld: line.nullable(),
  /** The full look by which it was last compared; null before the first. */
  looked: time.nullable(),
  differences: z.array(difference),
});

/** What one host has otherwise than declared. */
export type HostDrift = z.infer<typeof hostDriftSchema>;
/** One thing that a host has otherwise than declared. */
export type Difference = z.infer<typeof difference>;
