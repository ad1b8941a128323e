// What the Supervisor recommends, a person approves, and the Executor sees through: queue/<id>.json.
import { createHash } from "node:crypto";
import * as z from "zod";
import { canonical } from "../../model/fingerprint.ts";
import { signedOrderSchema } from "./order.ts";
import { readAs } from "./read-as.ts";
import { TARGETS, verb } from "./verbs.ts";
import {
  commit,
  hostName,
  imageDigest,
  line,
  planDigest,
  randomId,
  sha256,
  thingName,
  time,
} from "./words.ts";

/** Version of the actions that this program reads and writes. */
export const ACTION_VERSION = 1;

/** Where an action stands. */
export const ACTION_STATES = [
  /** Recommended; nobody has decided. */
  "pending",
  /** A person, or a policy that a person signed, wants it. */
  "approved",
  /** One actor has it, and nobody else gets it any more. */
  "claimed",
  "running",
  /** An observation that is newer than its end shows what it was for. */
  "verified",
  /** It ended, and did not do what it was for. */
  "failed",
  /** Cut off. Its outcome comes from observation; it is never run again by itself. */
  "interrupted",
  "rejected",
  "expired",
  /** Plan, world or target are others than were shown; `supersededBy` is the action for these. */
  "superseded",
] as const;

/** Where an action stands. */
export type ActionState = (typeof ACTION_STATES)[number];

/** Where an action can go from each state; from most of the last ones nowhere. */
export const NEXT_STATES: Readonly<Record<ActionState, readonly ActionState[]>> = {
  pending: ["approved", "rejected", "expired", "superseded"],
  approved: ["claimed", "rejected", "expired", "superseded"],
  claimed: ["running", "failed", "interrupted", "superseded"],
  running: ["verified", "failed", "interrupted"],
  // The next look may still show that it had done its work, or that it had not.
  interrupted: ["verified", "failed"],
  verified: [],
  failed: [],
  rejected: [],
  expired: [],
  superseded: [],
};

/** Whether an action can go from one state to another. */
export function canFollow(from: ActionState, to: ActionState): boolean {
  return NEXT_STATES[from].includes(to);
}

/** Whether nothing follows on a state. */
export function isOver(state: ActionState): boolean {
  return NEXT_STATES[state].length === 0;
}

/** Schema of what an approval is bound to. Another value anywhere in it is another action. */
export const bindingSchema = z.strictObject({
  verb: verb.describe("What is done."),
  host: hostName.describe("Who does it."),
  target: z.string().describe("To what: a service, a gate, a job or the host."),
  plan: planDigest.describe("Digest of the host plan it was compared with."),
  observed: sha256.describe(
    "SHA-256 of what was observed of the target and of all that it touches.",
  ),
  commit: commit.nullable().describe("What is deployed; null where the verb is bound to none."),
  digests: z
    .array(imageDigest)
    .describe(
      "Images it starts or puts in place, in a fixed order; empty where the verb is bound to none.",
    ),
});

/** What an approval is bound to. */
export type Binding = z.infer<typeof bindingSchema>;

/** SHA-256 of a binding in hexadecimal: what is shown, approved and compared. */
export function bindingHash(binding: Binding): string {
  return createHash("sha256")
    .update(canonical(bindingSchema.parse(binding)))
    .digest("hex");
}

const service = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\/[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/);

/** Schema of queue/<id>.json. */
export const actionSchema = z
  .strictObject({
    version: z.literal(ACTION_VERSION),
    id: randomId.describe("Its name, made up."),
    binding: bindingSchema.describe("What an approval is bound to."),
    hash: sha256.describe("bindingHash of the binding."),
    reason: line.describe("In one sentence, why."),
    evidence: z
      .array(
        z.strictObject({
          fact: line.describe("What was seen."),
          sequence: z.number().int().nonnegative().describe("Of its line in the Observer's log."),
          at: time.describe("When."),
        }),
      )
      .describe("Facts it rests on, each with where and when it was seen."),
    rootCause: line.describe(
      'What all of it comes from: a service ("nas/jellyfin"), a gate ("nas/gate:media") or a host.',
    ),
    risk: z.enum(["low", "medium", "high"]).describe("How much can go wrong."),
    blastRadius: z
      .strictObject({
        restarts: z.array(service).describe('Services that restart, as "<host>/<name>".'),
        degrades: z.array(service).describe("Services that lack something meanwhile."),
        data: z.array(line).describe("Volumes and folders whose contents are written or replaced."),
      })
      .describe("What it touches."),
    reversibility: z
      .strictObject({
        kind: z
          .enum(["nothing-to-undo", "by-receipt", "by-copy", "none"])
          .describe(
            "by-receipt: by rolling back; by-copy: from the copy that is named; none: not at all.",
          ),
        how: line.describe("How, in one sentence."),
      })
      .describe("How it is undone."),
    proposedAt: time.describe("When it was recommended."),
    expires: time.describe("From then on it cannot be approved any more."),
    state: z.enum(ACTION_STATES).describe("Where it stands."),
    since: time.describe("When it came into the state."),
    decision: z
      .strictObject({
        by: line.describe("Who."),
        at: time.describe("When."),
        reason: line.nullable().describe("Why; null where nobody said."),
      })
      .nullable()
      .describe("Who approved or rejected it, and why; null while nobody has decided."),
    authority: signedOrderSchema
      .nullable()
      .describe("What was signed for it; null while nobody has."),
    claimedBy: thingName.nullable().describe("Which actor has it; null before it is claimed."),
    outcome: line.nullable().describe("How it ended, in one sentence; null while it has not."),
    endedAt: time
      .optional()
      .describe(
        "When the host said that it ended; an observation has to be newer. Absent before that.",
      ),
    supersededBy: randomId.nullable().describe('Only for "superseded".'),
  })
  .check(({ value, issues }) => {
    if (!TARGETS[value.binding.verb].safeParse(value.binding.target).success) {
      issues.push({
        code: "custom",
        message: `is no target of ${value.binding.verb}`,
        input: value,
        path: ["binding", "target"],
      });
    }
    if (bindingHash(value.binding) !== value.hash) {
      issues.push({
        code: "custom",
        message: "is not the hash of the binding",
        input: value,
        path: ["hash"],
      });
    }
  });

/** An action. */
export type Action = z.infer<typeof actionSchema>;

/** The action in a text; undefined for one that is torn, altered or of another version. */
export function parseAction(text: string): Action | undefined {
  return readAs(actionSchema, text);
}
