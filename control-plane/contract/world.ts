// What the Observer knows: world/<host>.json, one file for each host, whole in itself.
import * as z from "zod";
import { shownCertificate } from "./certificate.ts";
import { CONTAINER_STATES, lookedContainer, verifiedCopy } from "./events.ts";
import { MOST_RECEIPTS, toldBoot, toldReceipt } from "./host-history.ts";
import { readAs } from "./read-as.ts";
import { commit, hostName, line, planDigest, thingName, time } from "./words.ts";

/** Version of the files in world/. */
export const WORLD_VERSION = 1;

/**
 * When a fact was received, by the Observer's clock; never by the host's. A fact whose host is fresh
 * and without a gap holds until something else is heard.
 */
const at = time;

/** How a service is. */
export const SERVICE_STATES = [
  ...CONTAINER_STATES,
  /** The engine answered, and has no such container. No silence and no error ever says this. */
  "missing",
  /** The host is reachable and nobody can tell; `reason` says why. */
  "unknown",
  /** Its host is unreachable. */
  "unreachable",
] as const;

const service = z.object({
  state: z.enum(SERVICE_STATES),
  /** When it came into this state. */
  since: at,
  /** When that was last said. */
  at,
  /** What it was when that was last known; null unless the state is unknown or unreachable. */
  was: z.enum(SERVICE_STATES).nullable(),
  /** Only for "unknown". */
  reason: line.nullable(),
  /** Whether the host plan has it; null while no plan was seen. */
  planned: z.boolean().nullable(),
  /** Its container; null when there is none, or none was looked at yet. */
  container: lookedContainer
    .omit({ name: true, state: true })
    .extend({
      /** When it was looked at. */
      at,
    })
    .nullable(),
  /** Somebody had the engine stop it since it last started. */
  asked: z.boolean(),
  /** Service or gate that it lacks; null when nothing holds it. */
  heldBy: line.nullable(),
});

const gate = z.object({
  state: z.enum(["open", "closed", "unknown", "unreachable"]),
  /** When it came into this state. */
  since: at,
  at,
  /** Why it is, or was, closed. */
  seen: line,
});

const backup = z.object({
  /** Its age when it was received: add what has passed since `at`. Null when there is no copy. */
  ageSeconds: z.number().nonnegative().nullable(),
  /** Why the last run was no good one. @default it was, or nobody can tell */
  failed: line.optional(),
  at,
  /** The last restore that was compared; null where none was. @default nobody said */
  verified: verifiedCopy.nullable().optional(),
});

/** Schema of world/<host>.json. */
export const hostWorldSchema = z.object({
  version: z.literal(WORLD_VERSION),
  host: hostName,
  /** Last line of the log that is in it, as far as it is about this host. */
  sequence: z.number().int().nonnegative(),
  freshness: z.object({
    /** "unknown": it was never heard. */
    state: z.enum(["fresh", "unreachable", "unknown"]),
    /** When it came into this state. */
    since: at,
    /** Last receipt; null when there was none. */
    heard: at.nullable(),
    /** Silence after which it is unreachable. */
    silentAfterSeconds: z.number().positive(),
  }),
  /** Why its facts may be wrong until the next full look; null when they are not. */
  gap: z.object({ since: at, reason: line }).nullable(),
  /** The program that sends; null while it has not said hello. */
  program: z.object({ build: line, boot: line, at }).nullable(),
  engine: z.object({
    state: z.enum(["answers", "away", "unknown", "unreachable"]),
    reason: line.nullable(),
    at: at.nullable(),
  }),
  plan: z.object({ digest: planDigest, commit: commit.nullable(), at }).nullable(),
  maintenance: z.object({ reason: line, by: line, until: time.nullable(), at }).nullable(),
  /** At which deployment it is held; null when it is not. */
  hold: z.object({ by: line, commit: commit.nullable(), at }).nullable(),
  /** A deployment that is under way; null when none is known to be. */
  deploying: z
    .object({
      run: line.nullable(),
      stage: line.nullable(),
      /** The service that is made anew, or on which it failed. @default nobody said */
      service: thingName.optional(),
      at,
    })
    .nullable(),
  /** The last full look; null before the first. */
  looked: at.nullable(),
  /** The host's clock minus ours at the last receipt, in whole seconds; null while unknown. */
  clockAheadSeconds: z.number().int().nullable(),
  services: z.record(thingName, service),
  gates: z.record(thingName, gate),
  backups: z.record(thingName, backup),
  /**
   * The certificate that its proxy showed, as it was last seen: a proxy that shows none has none that
   * is better. @default none was seen
   */
  certificate: shownCertificate.extend({ at }).optional(),
  /** The last boot that it told of. @default none */
  boot: toldBoot.extend({ at }).optional(),
  /** What deployments left, the newest first. @default none */
  receipts: z.array(toldReceipt.extend({ at })).max(MOST_RECEIPTS).optional(),
  counts: z.object({
    events: z.number().int().nonnegative(),
    /** Came after one with a higher number. */
    late: z.number().int().nonnegative(),
    /** Never came. */
    lost: z.number().int().nonnegative(),
  }),
});

/** What is known of a host. */
export type HostWorld = z.infer<typeof hostWorldSchema>;
/** What is known of one service. */
export type ServiceWorld = HostWorld["services"][string];

/** The world in a text; undefined for one that another version or a broken disk left. */
export function parseHostWorld(text: string): HostWorld | undefined {
  return readAs(hostWorldSchema, text);
}

/**
 * Age of a fact in seconds. A clock that was put back makes nothing younger than new.
 * @param now milliseconds since 1970
 */
export function ageSeconds(factAt: string, now: number): number {
  return Math.max(0, (now - Date.parse(factAt)) / 1000);
}
