// What the program on a host sends to the Observer. Each kind is an allow-list: environment, labels
// and command lines, where secrets may stand, have no place in any of them.
import * as z from "zod";
import { toldDeployment } from "./deployment.ts";
import { shownCertificate } from "./certificate.ts";
import { toldBoot, toldReceipt } from "./host-history.ts";
import {
  commit,
  containerId,
  hostName,
  imageDigest,
  line,
  planDigest,
  randomId,
  thingName,
  time,
} from "./words.ts";

/** Version of the batches that this program reads and writes. */
export const EVENTS_VERSION = 1;

/** What of a container's life is told. "destroy" is the only one after which it is missing. */
export const ENGINE_ACTIONS = [
  "create",
  "start",
  "kill",
  "die",
  "stop",
  "oom",
  "pause",
  "unpause",
  "healthy",
  "unhealthy",
  "destroy",
] as const;

/** How a container is, as one look at it says. */
export const CONTAINER_STATES = [
  "created",
  /** It runs, and has no check that would say more. */
  "running",
  /** It runs, and its check has not answered yet. */
  "starting",
  "healthy",
  "unhealthy",
  /** It crashed, and the engine is about to start it again. */
  "restarting",
  "paused",
  "exited",
] as const;

/** A container as a look finds it. */
export const lookedContainer = z.object({
  name: thingName,
  id: containerId,
  state: z.enum(CONTAINER_STATES),
  /** Reference it was made from. */
  image: line,
  /** Its digest; null where the engine knows none. */
  digest: imageDigest.nullable(),
  /** Label homelab.spec; null where it is not ours. */
  spec: planDigest.nullable(),
  /** By the host's clock; null when it never ran. */
  startedAt: time.nullable(),
  exitCode: z.number().int().nullable(),
  outOfMemory: z.boolean(),
  /** How often the engine started it again by itself. */
  restarts: z.number().int().nonnegative(),
});

const gate = z.object({
  gate: thingName,
  open: z.boolean(),
  /** Why it is closed; empty when it is open. */
  seen: line,
});

const held = z.object({
  service: thingName,
  /** Service or gate ("gate:nas-media") that it lacks; null when nothing holds it any more. */
  by: line.nullable(),
});

/** Schema of what came of a restore that was compared with what it was a copy of. */
export const verifiedCopy = z.object({
  /** By the clock of who compared. */
  at: time,
  good: z.boolean(),
});

const backup = z.object({
  job: thingName,
  /** Seconds since the last copy that is whole, by the host's own clock; null when there is none. */
  ageSeconds: z.number().nonnegative().nullable(),
  /** The last restore of its newest copy that was compared; null where none was. @default not told */
  verified: verifiedCopy.nullable().optional(),
  /** Why the last run was no good one. @default it was, or nobody can tell */
  failed: line.optional(),
});

const plan = z.object({
  digest: planDigest,
  /** Commit that was deployed; null where that was not known. */
  commit: commit.nullable(),
  /** Names of all services in it. */
  services: z.array(thingName).max(2000),
});

const maintenance = z.object({
  reason: line,
  by: line,
  /** By the host's clock; null when it has no end. */
  until: time.nullable(),
});

const hold = z.object({ by: line, commit: commit.nullable() });

/** Everything on the host at once. What it does not name is not there. */
const look = z.object({
  kind: z.literal("look"),
  /** An engine that did not answer says nothing about containers; the list is then not looked at. */
  engine: z.discriminatedUnion("answers", [
    z.object({ answers: z.literal(true), containers: z.array(lookedContainer).max(2000) }),
    z.object({ answers: z.literal(false), reason: line }),
  ]),
  /** The host plan; null on a host on which nothing was deployed. */
  plan: plan.nullable(),
  gates: z.array(gate).max(500),
  held: z.array(held).max(2000),
  backups: z.array(backup).max(500),
  /** Of its proxy's certificates the one nearest to its end. @default none was shown */
  certificate: shownCertificate.optional(),
  /** Null when nobody works on the host. */
  maintenance: maintenance.nullable(),
  /** Null when the host is not held at an earlier deployment. */
  hold: hold.nullable(),
  /** Whether a deployment is under way. */
  deploying: z.boolean(),
});

/** One thing that a host says, without its number. */
export const happening = z.discriminatedUnion("kind", [
  /** The first of a stream. */
  z.object({
    kind: z.literal("hello"),
    /** What the program was built from. */
    build: line,
    /** Id of the kernel's boot. */
    boot: line,
    /** Longest silence that means nothing, see `alive`. */
    aliveSeconds: z.number().positive().max(3600),
  }),
  /** Nothing happened. Sent so often that silence says something. */
  z.object({ kind: z.literal("alive") }),
  look,
  /**
   * What the engine said of one container. After a gap the host asks its engine with some overlap,
   * and passes on only what it has not sent: order is that of the numbers, not of any clock.
   */
  z.object({
    kind: z.literal("engine"),
    container: thingName,
    id: containerId,
    action: z.enum(ENGINE_ACTIONS),
    /** Only after "die". */
    exitCode: z.number().int().optional(),
    /** Reference the container was made from. */
    image: line,
    /** Nanoseconds since 1970 by the engine, to tell two of them apart. */
    timeNano: z.string().regex(/^\d{1,20}$/),
  }),
  gate.extend({ kind: z.literal("gate") }),
  held.extend({ kind: z.literal("held") }),
  backup.extend({ kind: z.literal("backup") }),
  /** The last boot, when it is over; again when the program begins to tell. */
  toldBoot.extend({ kind: z.literal("boot") }),
  /** What a deployment left; the newest ones again when the program begins to tell. */
  toldReceipt.extend({ kind: z.literal("receipt") }),
  /** Something may have happened that nobody heard. A look follows. */
  z.object({ kind: z.literal("gap"), reason: line }),
  /** A line of a deployment of this host. */
  toldDeployment.extend({ kind: z.literal("deployment") }),
]);

/** One thing that a host says. */
export type Happening = z.infer<typeof happening>;
/** The kinds that this version knows. */
export const KINDS: readonly string[] = happening.options.map(({ shape }) => shape.kind.value);
/** A full look at a host. */
export type Look = Extract<Happening, { kind: "look" }>;
/** One container in a look. */
export type LookedContainer = z.infer<typeof lookedContainer>;

/** What stands around a thing that a host says. */
const numbered = z.object({
  /** Counts from 1 in each stream, without a hole. */
  number: z.number().int().positive(),
  /** By the host's clock. Shown, and compared with nothing but the receipt, for the skew. */
  time,
});

/** Most events in one batch. */
export const MOST_EVENTS = 500;

/** Longest batch in bytes. */
export const LONGEST_BATCH_BYTES = 1024 * 1024;

/** Schema of the body of `POST /events`. What a later version adds to it is passed over. */
export const batchSchema = z.object({
  version: z.literal(EVENTS_VERSION),
  host: hostName,
  /** One run of the host's program; another run is another stream, beginning with a hello. */
  stream: randomId,
  /**
   * In the order of their numbers. What happened is read one by one: a kind that only a later
   * version knows holds up none of the others.
   */
  events: z.array(numbered.extend({ happening: z.unknown() })).max(MOST_EVENTS),
});

/** A batch whose events are not read yet. */
export type Batch = z.infer<typeof batchSchema>;

/** Schema of the answer to a batch that was taken. */
export const receiptSchema = z.object({
  version: z.literal(EVENTS_VERSION),
  stream: randomId,
  /** All up to this number are on the Observer's disk, or were refused: the host forgets them. */
  upTo: z.number().int().nonnegative(),
  /** How many of them had come before. */
  duplicates: z.number().int().nonnegative(),
  /** Numbers that this Observer cannot read; it will not read them another time either. */
  refused: z.array(z.number().int().positive()),
  /** Something is missing between them: the host is asked for a look. */
  lookWanted: z.boolean(),
});

/** The answer to a batch that was taken. */
export type Receipt = z.infer<typeof receiptSchema>;
