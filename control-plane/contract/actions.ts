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
  verb,
  host: hostName,
  target: z.string(),
  /** Digest of the host plan it was compared with. */
  plan: planDigest,
  /** SHA-256 of what was observed of the target and of all that it touches. */
  observed: sha256,
  /** What is deployed; null where the verb is bound to none. */
  commit: commit.nullable(),
  /** Images it starts or puts in place, in a fixed order; empty where the verb is bound to none. */
  digests: z.array(imageDigest),
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
    id: randomId,
    binding: bindingSchema,
    /** bindingHash of the binding. */
    hash: sha256,
    /** In one sentence, why. */
    reason: line,
    /** Facts it rests on, each with where and when it was seen. */
    evidence: z.array(
      z.strictObject({ fact: line, sequence: z.number().int().nonnegative(), at: time }),
    ),
    /** What all of it comes from: a service ("nas/jellyfin"), a gate ("nas/gate:media") or a host. */
    rootCause: line,
    risk: z.enum(["low", "medium", "high"]),
    blastRadius: z.strictObject({
      /** Services that restart, as "<host>/<name>". */
      restarts: z.array(service),
      /** Services that lack something meanwhile. */
      degrades: z.array(service),
      /** Volumes and folders whose contents are written or replaced. */
      data: z.array(line),
    }),
    reversibility: z.strictObject({
      /** by-receipt: by rolling back; by-copy: from the copy that is named; none: not at all. */
      kind: z.enum(["nothing-to-undo", "by-receipt", "by-copy", "none"]),
      /** How, in one sentence. */
      how: line,
    }),
    proposedAt: time,
    /** From then on it cannot be approved any more. */
    expires: time,
    state: z.enum(ACTION_STATES),
    /** When it came into the state. */
    since: time,
    /** Who approved or rejected it, and why; null while nobody has decided. */
    decision: z.strictObject({ by: line, at: time, reason: line.nullable() }).nullable(),
    /** What was signed for it; null while nobody has. */
    authority: signedOrderSchema.nullable(),
    /** Which actor has it; null before it is claimed. */
    claimedBy: thingName.nullable(),
    /** How it ended, in one sentence; null while it has not. */
    outcome: line.nullable(),
    /** When the host said that it ended; an observation has to be newer. Absent before that. */
    endedAt: time.optional(),
    /** Only for "superseded". */
    supersededBy: randomId.nullable(),
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
