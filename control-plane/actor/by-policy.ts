// Whether an order that nobody signed goes by a policy that somebody signed. The host tells by itself:
// who signed, until when, the hours by its clock, how often by its own record, and by its own look
// whether the thing is needed. What the Executor says of it counts for nothing.
import * as z from "zod";
import type { Action } from "../contract/actions.ts";
import { CLOCK_TOLERANCE_MS } from "../contract/clocks.ts";
import type { Order, SignedOrder } from "../contract/order.ts";
import { decideByPolicy } from "../contract/policies.ts";
import { readAs } from "../contract/read-as.ts";
import {
  parsePoliciesText,
  type DatedPolicies,
  type SignedPolicies,
} from "../contract/signed-policies.ts";
import { thingName, time } from "../contract/words.ts";
import type { Disk } from "../disk/disk.ts";
import { signerOf, type Signer, type SshKeys } from "./ssh-signature.ts";

/** A signature that is a policy's. */
export type PolicySignature = Extract<SignedOrder["signature"], { kind: "policy" }>;

/** With what a host judges by policies. */
export interface PolicyRules {
  readonly keys: SshKeys;
  readonly disk: Disk;
  /** File of what went before, which nobody else writes. */
  readonly record: string;
  /** Milliseconds since 1970, by this host's clock. */
  readonly now: () => number;
  /** How much can go wrong with an order, as this host sees it. */
  readonly riskOf: (order: Order) => Promise<Action["risk"]>;
  /** Why nothing calls for an order, by this host's own look; undefined when something does. */
  readonly whyNotNeeded: (order: Order) => Promise<string | undefined>;
}

/** Longer than any policy counts back, in milliseconds. */
const KEPT_MS = 2 * 168 * 3600_000;

const recordSchema = z.strictObject({
  version: z.literal(1),
  /** When the newest policies that were good here were signed. */
  newest: z.iso.datetime({ precision: 0 }),
  gone: z.array(z.strictObject({ policy: thingName, at: time })),
});

type PolicyRecord = z.infer<typeof recordSchema>;

/** Who stands for an order that goes by a policy. It counts as gone from then on. */
export async function byPolicy(
  order: Order,
  { policy, policies }: PolicySignature,
  rules: PolicyRules,
): Promise<Signer> {
  const found = await seenPolicies(policies, rules);
  if ("refused" in found) return found;
  const { signed, by, seen } = found;
  const { disk, record, now, riskOf, whyNotNeeded } = rules;
  if (Date.parse(signed.until) <= now()) {
    return { refused: `its policies were good until ${signed.until}` };
  }
  const named = signed.policies.filter(({ name }) => name === policy);
  const wanted = { verb: order.verb, host: order.host, risk: await riskOf(order) };
  const decision = decideByPolicy({ ...signed, policies: named }, wanted, seen.gone, now());
  if (!decision.go) return { refused: `no policy lets it go: ${decision.because.join("; ")}` };
  const notNeeded = await whyNotNeeded(order);
  if (notNeeded !== undefined) return { refused: `by a policy goes what is needed: ${notNeeded}` };
  const kept = seen.gone.filter(({ at }) => Date.parse(at) > now() - KEPT_MS);
  const gone = [...kept, { policy, at: new Date(now()).toISOString() }];
  keep(disk, record, { ...seen, gone });
  return { by: `policy ${policy} of ${by}` };
}

/** Policies that somebody signed, as the newest that this host has seen. */
interface SeenPolicies {
  readonly signed: DatedPolicies;
  readonly by: string;
  readonly seen: PolicyRecord;
}

/** Takes note of policies that somebody signed, or says why they are none, or not the newest. */
export async function seenPolicies(
  { text, armored }: SignedPolicies,
  { keys, disk, record, now }: Pick<PolicyRules, "keys" | "disk" | "record" | "now">,
): Promise<SeenPolicies | { readonly refused: string }> {
  const signed = parsePoliciesText(text);
  if (!signed) return { refused: "what was handed over as policies is none" };
  const signer = await signerOf(text, armored, keys);
  if ("refused" in signer) return signer;
  const before = recordIn(disk.read(record));
  if (!before) return { refused: `what went by a policy before cannot be read: ${record}` };
  if (Date.parse(signed.signed) > now() + CLOCK_TOLERANCE_MS) {
    return { refused: `its policies were signed at ${signed.signed}, which is to come` };
  }
  if (signed.signed < before.newest) {
    return { refused: `newer policies than those of ${signed.signed} were seen` };
  }
  // Whether or not they let anything go: what they took back stays taken back.
  const seen: PolicyRecord = { ...before, newest: signed.signed };
  if (seen.newest !== before.newest) keep(disk, record, seen);
  return { signed, by: signer.by, seen };
}

function keep(disk: Disk, path: string, record: PolicyRecord): void {
  disk.write(path, `${JSON.stringify(record)}\n`);
}

/** Undefined for a text that is broken: nobody knows how often something went. */
function recordIn(text: string | undefined): PolicyRecord | undefined {
  if (text === undefined) return { version: 1, newest: "1970-01-01T00:00:00Z", gone: [] };
  return readAs(recordSchema, text);
}
