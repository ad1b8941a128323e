// What may go without a person, as somebody wrote it into one file. That is signed, see
// signed-policies.ts. Without it, or with one that cannot be read, nothing may.
import * as z from "zod";
import { POLICY_VERBS, type Verb } from "./verbs.ts";
import { hostName, thingName } from "./words.ts";

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day, e.g. "02:30"');

const policy = z.strictObject({
  name: thingName,
  /** @default false */
  on: z.boolean().default(false),
  verbs: z.array(z.enum(POLICY_VERBS)).min(1),
  hosts: z.array(hostName).min(1),
  /** What is of high risk never goes without a person. */
  risks: z.array(z.enum(["low", "medium"])).min(1),
  /** From, inclusive, until, exclusive; over midnight when `until` is the earlier one. */
  hours: z.strictObject({ from: clockTime, until: clockTime }),
  /** How often at most, counted over all its hosts and verbs. */
  atMost: z.strictObject({
    times: z.number().int().min(1).max(24),
    hours: z.number().int().min(1).max(168),
  }),
});

/** One policy. */
export type Policy = z.infer<typeof policy>;

/** Most policies of a household; with the longest names they fit into what a host reads. */
const MOST_POLICIES = 20;

/** Schema of the file, e.g. policies.json. */
export const policiesSchema = z.strictObject({
  version: z.literal(1),
  /** Time zone of all hours, e.g. "America/Asuncion". @default "UTC" */
  timezone: z.string().refine(isTimezone, "is no time zone").default("UTC"),
  policies: z
    .array(policy)
    .max(MOST_POLICIES)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      message: "two have the same name",
    }),
});

/** Policies of a household. */
export type Policies = z.infer<typeof policiesSchema>;

/** Something that went by a policy before. */
export interface Gone {
  readonly policy: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Whether an action may go without a person, and by which policy or why not. */
export type PolicyDecision =
  | { readonly go: true; readonly policy: string }
  | { readonly go: false; readonly because: readonly string[] };

/** What is to go. */
export interface Wanted {
  readonly verb: Verb;
  readonly host: string;
  readonly risk: "low" | "medium" | "high";
}

/** What of an action a policy looks at. */
export interface Proposed {
  readonly binding: Pick<Wanted, "verb" | "host">;
  readonly risk: Wanted["risk"];
  readonly state: string;
  readonly expires: string;
}

/** What the policies say of a pending action, see `decideByPolicy`. */
export function decideOnAction(
  policies: Policies,
  { binding: { verb, host }, risk, state, expires }: Proposed,
  gone: readonly Gone[],
  now: number,
): PolicyDecision {
  if (state !== "pending") return { go: false, because: [`it is ${state}`] };
  if (Date.parse(expires) <= now) return { go: false, because: ["it is expired"] };
  return decideByPolicy(policies, { verb, host, risk }, gone, now);
}

/**
 * What the policies say of something. The first that lets it go decides.
 * @param gone what went by a policy before, at least within each policy's hours
 * @param now milliseconds since 1970
 */
export function decideByPolicy(
  { policies, timezone }: Policies,
  { verb, host, risk }: Wanted,
  gone: readonly Gone[],
  now: number,
): PolicyDecision {
  const reasons = policies.map((each): string | undefined => {
    const { name, on, hours, atMost } = each;
    if (!on) return `${name} is off`;
    if (!each.verbs.some((one) => one === verb)) return `${name} is not about ${verb}`;
    if (!each.hosts.includes(host)) return `${name} is not about ${host}`;
    if (!each.risks.some((one) => one === risk)) return `${name} lets no ${risk} risk go`;
    if (!isWithin(hours, timeOfDay(now, timezone))) {
      return `${name} is for ${hours.from} to ${hours.until}`;
    }
    const since = now - atMost.hours * 3600_000;
    const before = gone.filter(({ policy, at }) => policy === name && Date.parse(at) > since);
    if (before.length >= atMost.times) {
      return `${name} went ${before.length} times within ${atMost.hours} h`;
    }
    return undefined;
  });
  const first = policies[reasons.indexOf(undefined)];
  if (first) return { go: true, policy: first.name };
  const because = reasons.flatMap((reason) => (reason === undefined ? [] : [reason]));
  return { go: false, because: because.length === 0 ? ["there is no policy"] : because };
}

function isWithin({ from, until }: Policy["hours"], time: string): boolean {
  return from < until ? from <= time && time < until : time >= from || time < until;
}

function timeOfDay(now: number, timeZone: string): string {
  const format = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat("en-GB", format).format(now);
}

function isTimezone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: text }).format(0) !== "";
  } catch {
    return false;
  }
}
