// What the Supervisor makes of the world: state/supervisor.json.
import * as z from "zod";
import { hostDriftSchema } from "./drift.ts";
import { readAs } from "./read-as.ts";
import { commit, hostName, line, planDigest, randomId, time } from "./words.ts";

/** Schema of one cause, with all that is not well because of it. */
export const incidentSchema = z.strictObject({
  cause: line.describe(
    'A service ("nas/jellyfin"), a gate ("nas/gate:media"), a host ("nas"), or a place of several hosts.',
  ),
  detail: line.describe("In one sentence, how it is."),
  since: time.describe("Since when it is so."),
  flapping: z
    .boolean()
    .describe("It comes and goes so often that nothing is recommended until it settles."),
  affected: z
    .array(line)
    .describe('What is not well because of it, as "<host>/<name>" or "<host>"; sorted.'),
  action: randomId
    .nullable()
    .describe(
      "The action that would mend it, or else one that is under way on its host; null when there is neither, and `withheld` says why.",
    ),
  withheld: line.nullable().describe("Why nothing is recommended; null when something is."),
});

/** One cause, with all that is not well because of it. */
export type Incident = z.infer<typeof incidentSchema>;

const closing = z.strictObject({
  state: z.enum(["expired", "superseded"]),
  /** The action that stands in its place; null when none is needed any more. */
  by: randomId.nullable(),
  why: line,
});

/** Why an action that is still pending or approved is to be closed. */
export type Closing = z.infer<typeof closing>;

const tries = z.strictObject({
  /** Proposals since it was last well for a while. */
  count: z.number().int().positive(),
  last: time,
  /** Plan that they were for: another one begins anew. */
  plan: planDigest.nullable(),
});

const appearance = z.strictObject({
  /** Since when it is there without a break. */
  since: time,
  /** Whether it is there now; what is gone is remembered for a while, to tell who flaps. */
  present: z.boolean(),
  /** When it was last there. */
  last: time,
  /** When it came, each time, oldest first. */
  came: z.array(time),
});

const memory = z.strictObject({
  /** By problem, see problemKey, e.g. "nas/jellyfin down". */
  appearances: z.record(z.string(), appearance),
  /** By the same key. */
  tries: z.record(z.string(), tries),
});

/** What the Supervisor carries from one comparison to the next. */
export type Memory = z.infer<typeof memory>;

/** Schema of state/supervisor.json. */
export const supervisorStateSchema = z.strictObject({
  version: z.literal(1),
  /** When the world was last compared. */
  at: time,
  desired: z.strictObject({
    commit: commit.nullable(),
    /** Digest of each host's plan, as the repository has it. */
    plans: z.record(hostName, planDigest),
  }),
  /** Why nothing is recommended at all; null when that is not so. */
  blind: line.nullable(),
  incidents: z.array(incidentSchema),
  /** What each host has otherwise than declared, in maintenance too. */
  drift: z.array(hostDriftSchema).default([]),
  /** By id of the action. The Executor closes them. */
  closing: z.record(randomId, closing),
  memory,
});

/** What the Supervisor makes of the world. */
export type SupervisorState = z.infer<typeof supervisorStateSchema>;

/** Before the first comparison. */
export const NO_MEMORY: Memory = { appearances: {}, tries: {} };

/** The state in a text; undefined for one that is torn or of another version. */
export function parseSupervisorState(text: string): SupervisorState | undefined {
  return readAs(supervisorStateSchema, text);
}
