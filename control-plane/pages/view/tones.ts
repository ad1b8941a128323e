// How a service, a gate or a host is, as a person takes it in. What nobody knows is neither good nor
// bad, and says so in words.
import { isKnown } from "../../contract/fitness.ts";
import type { HostWorld, ServiceWorld } from "../../contract/world.ts";
import { WORDS } from "../words.ts";
import type { Condition, Knowledge, Tone } from "./tone.ts";

const TONES: Readonly<Record<ServiceWorld["state"], Tone>> = {
  healthy: "good",
  running: "good",
  starting: "busy",
  restarting: "bad",
  unhealthy: "bad",
  created: "bad",
  paused: "bad",
  exited: "bad",
  missing: "bad",
  unknown: "unknown",
  unreachable: "unknown",
};

/**
 * How a service is.
 * @param isMourned whether an incident names it: what ended well and is missed by nobody is not bad
 */
export function serviceCondition(
  world: HostWorld,
  service: ServiceWorld,
  { old }: Knowledge,
  isMourned: boolean,
): Condition {
  const { state, was, container } = service;
  if (state === "unknown" || state === "unreachable") {
    return {
      tone: "unknown",
      word: WORDS.wasBefore(WORDS.service[state], was && WORDS.service[was]),
    };
  }
  if (old !== null || !isKnown(world)) {
    return { tone: "unknown", word: WORDS.wasBefore(WORDS.service.unknown, WORDS.service[state]) };
  }
  if (state === "exited" && container?.exitCode === 0 && !isMourned) {
    return { tone: "idle", word: WORDS.ended };
  }
  return { tone: TONES[state], word: WORDS.service[state] };
}

/** How a gate is. */
export function gateCondition(
  world: HostWorld,
  state: HostWorld["gates"][string]["state"],
  { old }: Knowledge,
): Condition {
  if (state === "unknown" || state === "unreachable") {
    return { tone: "unknown", word: WORDS.gate[state] };
  }
  if (old !== null || !isKnown(world)) {
    return { tone: "unknown", word: WORDS.wasBefore(WORDS.gate.unknown, WORDS.gate[state]) };
  }
  return { tone: state === "open" ? "good" : "bad", word: WORDS.gate[state] };
}

/** How a host is heard. */
export function hostCondition(
  { freshness, gap, engine }: HostWorld,
  { old }: Knowledge,
): Condition {
  const { state } = freshness;
  if (state === "unreachable")
    return { tone: old === null ? "bad" : "unknown", word: WORDS.host[state] };
  if (state === "unknown") return { tone: "unknown", word: WORDS.host[state] };
  if (old !== null)
    return { tone: "unknown", word: WORDS.wasBefore(WORDS.host.unknown, WORDS.host.fresh) };
  if (gap) return { tone: "unknown", word: WORDS.inDoubt };
  if (engine.state === "away") return { tone: "bad", word: WORDS.engineAway };
  if (engine.state !== "answers") return { tone: "unknown", word: WORDS.notLooked };
  return { tone: "good", word: WORDS.host.fresh };
}
