// Which news there are: each incident once, when it has lasted, and its end once, when it is calm.
import { own } from "../../contract/observed.ts";
import type { Incident, Memory } from "../../contract/supervisor-state.ts";
import { asLine, line, time } from "../../contract/words.ts";
import { hostOf } from "../../../model/graph.ts";
import * as z from "zod";
import type { Desired } from "../desired.ts";
import { problemKey, type Problem } from "../problem.ts";
import type { Seen } from "../recommend.ts";
import { SEVERITIES, type Severity } from "./message.ts";

const incident = z.strictObject({
  /** When it was told. */
  at: time,
  /** Since when it was there then. */
  since: time,
  cause: line,
  /** How it was then, in words. */
  detail: line,
  severity: z.enum(SEVERITIES),
  /** Something else turned out to be its cause, and has a message of its own. */
  absorbed: z.boolean(),
});

/** Schema of outbox/told.json: it outlives restarts, so that none of them is news. */
export const toldSchema = z.strictObject({
  version: z.literal(1),
  /** When the last weekly digest was told, or the first one began to be waited for. */
  digest: time.nullable(),
  /** By problem, see problemKey: what was told, and is not over. */
  incidents: z.record(z.string(), incident),
});

/** What was told. */
export type Told = z.infer<typeof toldSchema>;
/** What was told of one incident. */
export type ToldIncident = Told["incidents"][string];

/** Before anything was told. */
export const NOTHING_TOLD: Told = { version: 1, digest: null, incidents: {} };

/** News of an incident. */
export type News =
  | {
      readonly kind: "began";
      readonly key: string;
      /** Undefined where nothing more is known of it. */
      readonly incident: Incident | undefined;
      readonly as: ToldIncident;
    }
  | {
      readonly kind: "ended";
      readonly key: string;
      readonly was: ToldIncident;
      /** When it was there for the last time. */
      readonly last: string;
    };

/** What is compared. */
export interface Compared {
  readonly desired: Desired;
  readonly seen: readonly Seen[];
  /** Before and after this comparison; what is well for ten minutes is in it no more. */
  readonly before: Memory["appearances"];
  readonly after: Memory["appearances"];
  /** When nothing could be told for the last time; undefined when it was not seen. */
  readonly blindUntil: string | undefined;
  /** How long something lasts before it is told, and is well before its end is, in milliseconds. */
  readonly pace: { readonly tellAfterMs: number; readonly endAfterMs: number };
  readonly now: number;
}

/** Under this key it is told that nothing can be told of the hosts; its cause is no host's name. */
export const BLIND = { key: "control-plane blind", cause: "the control plane" } as const;

/** An end that is older is news to nobody: notifications were off meanwhile, or memory was lost. */
const END_IS_NEWS_MS = 24 * 3600_000;
/** Whose cause moves to and fro is told again after so long at the soonest. */
const AGAIN_MS = 10 * 60_000;

/** The news, and what is told when they are. */
export function newsOf(told: Told["incidents"], compared: Compared) {
  const after: Record<string, ToldIncident> = {};
  const news: News[] = [];
  const { desired, seen, now, pace } = compared;
  const there = new Map(seen.map((one) => [problemKey(one.problem), one]));
  for (const [key, was] of Object.entries(told)) {
    const isAffected = seen.some(({ problem }) => problem.affected.includes(was.cause));
    const appearance = compared.after[key];
    if (there.has(key) || isAffected || (appearance && !isCalm(appearance, compared))) {
      // What is only out of sight, on a host that is away, is neither gone nor another's symptom.
      const isHidden = appearance?.present === true;
      const absorbed = was.absorbed || (isAffected && !there.has(key) && !isHidden);
      after[key] = { ...was, absorbed };
    } else if (key === BLIND.key || (!was.absorbed && isDeclared(was.cause, desired))) {
      const until = key === BLIND.key ? compared.blindUntil : compared.before[key]?.last;
      const last = until ?? was.at;
      if (now - Date.parse(last) < END_IS_NEWS_MS) news.push({ kind: "ended", key, was, last });
    }
  }
  for (const [key, one] of there) {
    const { problem, incident: found, isWorkedOn } = one;
    const known = after[key];
    if (!found || isWorkedOn || (known && !known.absorbed)) continue;
    if (known && now - Date.parse(known.at) < AGAIN_MS) continue;
    if (!found.flapping && now - Date.parse(found.since) < pace.tellAfterMs) continue;
    const { cause, detail, since } = found;
    const severity = severityOf(problem, desired);
    const at = new Date(now).toISOString();
    const as: ToldIncident = { at, since, cause, detail, severity, absorbed: false };
    after[key] = as;
    news.push({ kind: "began", key, incident: found, as });
  }
  return { told: after, news };
}

/** Whether it has been well for long enough; out of sight nobody knows. */
function isCalm(
  { present, last }: Memory["appearances"][string],
  { pace, now }: Compared,
): boolean {
  return !present && now - Date.parse(last) >= pace.endAfterMs;
}

/** A host, or what the household cannot be without, wakes somebody; what differs only does not. */
function severityOf({ kind, cause, host }: Problem, { hosts, intermittent }: Desired): Severity {
  switch (kind) {
    case "away":
      return intermittent.has(cause) ? "warning" : "critical";
    case "plan":
    case "differs":
    case "image":
      return "info";
    case "closed":
    case "backup":
    case "certificate":
      return "warning";
    case "stopped":
    case "unhealthy":
    case "missing":
    case "starting": {
      const service = hosts.get(host)?.services.get(cause.slice(host.length + 1));
      return service?.critical === true ? "critical" : "warning";
    }
  }
}

/** What the repository does not name any more is neither well nor not. */
function isDeclared(cause: string, { hosts, places }: Desired): boolean {
  if (own(places, cause) !== undefined) return true;
  const host = hostOf(cause);
  const name = cause.slice(host.length + 1);
  const known = hosts.get(host);
  if (!known || name === "") return known !== undefined;
  const gates = known.declaration.gates.map((gate) => asLine(`gate:${gate.name}`));
  return known.services.has(name) || gates.includes(name);
}
