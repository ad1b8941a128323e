// What `GET /summary` answers: counts alone, no name of anything.
import * as z from "zod";
import { ACTION_STATES } from "./actions.ts";
import { line, time } from "./words.ts";
import { SERVICE_STATES } from "./world.ts";

const count = z.number().int().nonnegative();
const byWord = <Word extends string>(words: readonly Word[]) => z.record(z.enum(words), count);

/** Schema of it. */
export const summarySchema = z.object({
  version: z.literal(1),
  build: line,
  at: time,
  observer: z.object({
    /** "silent": it has not written for so long that all it wrote is old; every state is unknown then. */
    state: z.enum(["fresh", "silent"]),
    /** Since it wrote last; null when it never did. */
    ageSeconds: z.number().nonnegative().nullable(),
    /** Whether it can keep what comes; null while it is silent. */
    writable: z.boolean().nullable(),
  }),
  hosts: z.object({
    total: count,
    fresh: count,
    unreachable: count,
    unknown: count,
    /** Those on which somebody works. */
    maintenance: count,
    /** Seconds since the host that was heard longest ago was; null when one never was. */
    longestUnheardSeconds: z.number().nonnegative().nullable(),
  }),
  services: z.object({
    total: count,
    /** Of the host plans. */
    planned: count,
    /** Of no host plan that was seen. */
    unplanned: count,
    /** Those that something they need holds back. */
    held: count,
    byState: byWord(SERVICE_STATES),
  }),
  gates: z.object({ open: count, closed: count, unreachable: count, unknown: count }),
  backups: z.object({
    total: count,
    /** Jobs without any copy. */
    never: count,
    /** Age of the oldest of the newest copies; null when there are none. */
    oldestSeconds: z.number().nonnegative().nullable(),
  }),
  actions: byWord(ACTION_STATES),
  /** Files that could not be read, of which nothing is counted. */
  unreadable: count,
});

/** The counts of everything. */
export type Summary = z.infer<typeof summarySchema>;
