// What is told of a host's facts: nothing is said to be as it was when nobody can know that.
import { canonical } from "../../model/fingerprint.ts";
import { WORLD_VERSION, type HostWorld, type ServiceWorld } from "../contract/world.ts";
import type { GateFacts, HostFacts, ServiceFacts } from "./facts.ts";

/** Why a host's facts may not hold now. */
interface Doubt {
  readonly state: "unreachable" | "unknown";
  readonly reason: string;
  readonly since: string;
  /** What was said in an earlier line may not hold; undefined where nothing holds. */
  readonly from?: number;
}

/** The world of a host. */
export function worldOf(host: string, facts: HostFacts): HostWorld {
  const { engine, plan, freshness } = facts;
  const doubt = doubtOf(facts);
  const planned = plan && new Set(plan.services);
  return {
    version: WORLD_VERSION,
    host,
    sequence: facts.sequence,
    freshness: {
      ...freshness,
      heard: facts.heard,
      silentAfterSeconds: facts.silentAfterSeconds,
    },
    gap: facts.gap && { since: facts.gap.at, reason: facts.gap.reason },
    program: facts.program,
    engine: engineOf(facts),
    plan: plan && { digest: plan.digest, commit: plan.commit, at: plan.at },
    maintenance: facts.maintenance,
    hold: facts.hold,
    deploying: facts.deploying,
    looked: facts.looked,
    clockAheadSeconds: facts.clockAheadSeconds,
    services: mapped(facts.services, (service, name) =>
      serviceOf(service, planned?.has(name) ?? null, doubt ?? engineDoubt(engine)),
    ),
    gates: mapped(facts.gates, (gate) => gateOf(gate, doubt)),
    backups: facts.backups,
    ...(facts.certificate && { certificate: facts.certificate }),
    ...(facts.boot && { boot: facts.boot }),
    ...(facts.receipts && { receipts: facts.receipts }),
    counts: facts.counts,
  };
}

/** world/<host>.json. The same facts give the same bytes. */
export function worldText(host: string, facts: HostFacts): string {
  return `${canonical(worldOf(host, facts))}\n`;
}

function doubtOf({ freshness, gap }: HostFacts): Doubt | undefined {
  if (freshness.state === "unreachable") {
    return { state: "unreachable", reason: "nothing is heard of the host", since: freshness.since };
  }
  return gap ? { state: "unknown", reason: gap.reason, since: gap.at, from: gap.line } : undefined;
}

function engineDoubt(engine: HostFacts["engine"]): Doubt | undefined {
  if (!engine || engine.answers) return undefined;
  return { state: "unknown", reason: engine.reason, since: engine.at, from: engine.line };
}

function engineOf({ engine, freshness }: HostFacts): HostWorld["engine"] {
  const at = engine?.at ?? null;
  if (freshness.state === "unreachable") return { state: "unreachable", reason: null, at };
  if (!engine) return { state: "unknown", reason: null, at };
  return engine.answers
    ? { state: "answers", reason: null, at }
    : { state: "away", reason: engine.reason, at };
}

function serviceOf(
  { state, since, at, line, container, asked, heldBy }: ServiceFacts,
  planned: boolean | null,
  doubt: Doubt | undefined,
): ServiceWorld {
  const same = { at, planned, container, asked, heldBy };
  if (doubt && !isSince(doubt, line)) {
    const reason = doubt.state === "unknown" ? doubt.reason : null;
    return { ...same, state: doubt.state, since: doubt.since, was: state, reason };
  }
  if (state === null) {
    return { ...same, state: "unknown", since, was: null, reason: "it was not looked at yet" };
  }
  return { ...same, state, since, was: null, reason: null };
}

function gateOf(
  { open, seen, since, at, line }: GateFacts,
  doubt: Doubt | undefined,
): HostWorld["gates"][string] {
  if (doubt && !isSince(doubt, line)) {
    return { state: doubt.state, since: doubt.since, at, seen };
  }
  return { state: open ? "open" : "closed", since, at, seen };
}

/** Whether it was said when the doubt had begun, and so is known again. */
function isSince({ from }: Doubt, line: number): boolean {
  return from !== undefined && line >= from;
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  to: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
}
