// One line for each thing that somebody did or was refused: audit/<part>/YYYY-MM-DD.jsonl on the VPS,
// and the same on the host that acts.
import * as z from "zod";
import { VERBS } from "./verbs.ts";
import { hostName, line, randomId, sha256, time } from "./words.ts";

/** Who writes audit lines; each into a folder of its own. */
export const PARTS = [
  "observer",
  "supervisor",
  "executor",
  "operator-ui",
  "actor",
  "desk",
] as const;

/** What is worth a line. */
export const AUDITED = [
  /** A request without a token, with a wrong one, or with another host's. */
  "denied",
  "proposed",
  "approved",
  "rejected",
  "expired",
  "superseded",
  /** An action was offered to the actor of its host. */
  "offered",
  "claimed",
  "began",
  "ended",
  "interrupted",
  "verified",
  /** An order that was not carried out: not signed, used before, altered, too late. */
  "refused",
  "signed-in",
  "signed-out",
] as const;

/** Schema of a line. It never holds a token, a signature or a secret. */
export const auditLineSchema = z.object({
  version: z.literal(1),
  at: time,
  part: z.enum(PARTS),
  what: z.enum(AUDITED),
  host: hostName.optional(),
  /** Id of the action it is about. */
  action: randomId.optional(),
  verb: z.enum(VERBS).optional(),
  target: line.optional(),
  /** Hash of what was shown. */
  shown: sha256.optional(),
  /** Text of the order, as it was checked. Its lines are separated by "; ". */
  order: z.string().max(10_000).optional(),
  /** Person, key or policy. */
  by: line.optional(),
  /** Address of the other end, as the connection says it; never from a header. */
  peer: line.optional(),
  reason: line.optional(),
  /** How often the same happened since the line before, where that is counted. @default 1 */
  times: z.number().int().positive().optional(),
});

/** A line of the audit. */
export type AuditLine = z.infer<typeof auditLineSchema>;
