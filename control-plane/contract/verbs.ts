// The closed list of what can be done to a host. Nothing that is observed adds a verb to it.
import * as z from "zod";
import { hostName, thingName } from "./words.ts";

/** Everything that the control plane can recommend and a host can be asked for. */
export const VERBS = [
  "start",
  "restart",
  "redeploy-service",
  "deploy-host",
  "roll-back",
  "restore-copy",
  "remount",
  "run-backup",
  "update-image",
] as const;

/** One of them. */
export const verb = z.enum(VERBS);
/** One of them. */
export type Verb = z.infer<typeof verb>;

/**
 * What a verb's signature is bound to beside host and target, so that "latest" is never signed:
 * commit: what is deployed, or what the host's mounts and jobs were declared by.
 * digests: images that run, in the order that the action shows them.
 */
export const BOUND_TO: Readonly<Record<Verb, readonly ("commit" | "digests")[]>> = {
  start: ["digests"],
  restart: ["digests"],
  "redeploy-service": ["commit", "digests"],
  "deploy-host": ["commit"],
  "roll-back": ["commit"],
  "restore-copy": ["digests"],
  remount: ["commit"],
  "run-backup": ["digests"],
  "update-image": ["commit", "digests"],
};

/**
 * Verbs that a passkey in the browser authorises. A stolen VPS serves the page too, so it is only
 * what can do no more harm than an interruption.
 */
export const PASSKEY_VERBS: readonly Verb[] = ["start", "restart", "remount", "run-backup"];

/**
 * Verbs that may go by a policy, without a person: those of which a host tells by its own look alone
 * whether they are needed.
 */
export const POLICY_VERBS = ["start", "restart", "remount"] as const satisfies readonly Verb[];

/** A service and one of its copies, by the id of the snapshot: "paperless-db@3f2a90bc". */
const copyOfService = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}@[0-9a-f]{8,64}$/);

/** When a deployment began, as its receipt says it. */
const receiptTime = z.iso.datetime({ precision: 3 });

/** What a verb's target looks like: a service, a gate, a job, a copy, a receipt or the host itself. */
export const TARGETS: Readonly<Record<Verb, z.ZodType<string>>> = {
  start: thingName,
  restart: thingName,
  "redeploy-service": thingName,
  "deploy-host": hostName,
  "roll-back": receiptTime,
  "restore-copy": copyOfService,
  remount: thingName,
  "run-backup": thingName,
  "update-image": thingName,
};
