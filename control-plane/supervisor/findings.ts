// How each service, gate and host is, by what the Observer knows.
import type { NodeFinding } from "../../model/cause-chain.ts";
import { gateNeed, isWaitedFor } from "../../model/gate-need.ts";
import { hostOf } from "../../model/graph.ts";
import { isKnown } from "../contract/fitness.ts";
import { own, type Worlds } from "../contract/observed.ts";
import type { HostWorld, ServiceWorld } from "../contract/world.ts";
import type { Desired, DesiredHost } from "./desired.ts";

/** How a node is, and what says so. */
export interface Finding extends NodeFinding {
  readonly detail: string;
  /** When it came into this state, in ISO 8601. */
  readonly since: string;
  /** Line of the Observer's log. */
  readonly sequence: number;
  /** A host that nothing is heard of; one whose engine is away speaks. @default false */
  readonly isSilent?: boolean;
}

const NEVER = "1970-01-01T00:00:00.000Z";

/** Looks nodes up, each once. */
export function findingsOf(desired: Desired, worlds: Worlds): (id: string) => Finding {
  const known = new Map<string, Finding>();
  return (id) => {
    const finding = known.get(id) ?? findingOf(id, desired, worlds);
    known.set(id, finding);
    return finding;
  };
}

function findingOf(id: string, desired: Desired, worlds: Worlds): Finding {
  const host = hostOf(id);
  const declared = desired.hosts.get(host);
  const world = worlds.get(host);
  if (!declared || !world) {
    return finding(id, "unknown", "is not known to the Observer", NEVER, 0);
  }
  if (id === host) return hostFinding(world);
  const name = id.slice(host.length + 1);
  if (name.startsWith("gate:")) return gateFinding(id, name.slice("gate:".length), declared, world);
  return serviceFinding(id, own(world.services, name), world, desired.oneShots.has(id));
}

function hostFinding(world: HostWorld): Finding {
  const { host, freshness, engine, gap, sequence } = world;
  if (freshness.state === "unreachable") {
    const gone = finding(host, "away", "is not heard of any more", freshness.since, sequence);
    return { ...gone, isSilent: true };
  }
  if (freshness.state === "unknown") {
    const never = finding(host, "away", "was never heard of", freshness.since, sequence);
    return { ...never, isSilent: true };
  }
  if (gap) return finding(host, "unknown", `is in doubt: ${gap.reason}`, gap.since, sequence);
  if (engine.state === "away") {
    const why = `has an engine that does not answer: ${engine.reason ?? "no reason known"}`;
    return finding(host, "away", why, engine.at ?? freshness.since, sequence);
  }
  if (!isKnown(world)) {
    return finding(host, "unknown", "was not looked at yet", freshness.since, sequence);
  }
  return finding(host, "ready", "is heard", freshness.since, sequence);
}

function gateFinding(
  id: string,
  name: string,
  { declaration }: DesiredHost,
  world: HostWorld,
): Finding {
  const seen = own(world.gates, name);
  const { sequence } = world;
  if (!seen) return finding(id, "unknown", "was not looked at yet", NEVER, sequence);
  const { state, since } = seen;
  if (state === "unknown" || state === "unreachable") {
    return finding(id, "unknown", "is out of sight", since, sequence);
  }
  if (state === "open") return finding(id, "ready", "is open", since, sequence);
  const gate = declaration.gates.find((one) => one.name === name);
  // What nobody needs, or a device that its services do without, is nothing to mend.
  const counts = isWaitedFor(gateNeed(declaration.services, name), gate?.kind);
  const why = seen.seen === "" ? "is closed" : `is closed: ${seen.seen}`;
  return finding(id, counts ? "closed" : "ready", why, since, sequence);
}

function serviceFinding(
  id: string,
  service: ServiceWorld | undefined,
  { sequence }: HostWorld,
  isOneShot: boolean,
): Finding {
  if (!service) return finding(id, "unknown", "was not looked at yet", NEVER, sequence);
  const { state, since, container } = service;
  const exitCode = container?.exitCode ?? null;
  const said = (as: Finding["state"], detail: string): Finding => ({
    ...finding(id, as, detail, since, sequence),
    exitCode,
  });
  const code = exitCode === null ? "" : ` with ${exitCode}`;
  switch (state) {
    case "healthy":
      return said("ready", "is healthy");
    case "running":
      return said("ready", "runs");
    case "starting":
      return said("starting", "has not passed its health check yet");
    case "unhealthy":
      return said("unhealthy", "fails its health check");
    case "restarting":
      return said("stopped", `crashes again and again (exited${code})`);
    case "paused":
      return said("stopped", "is paused");
    case "created":
      return said("stopped", "was made and never started");
    case "exited": {
      if (isOneShot && exitCode === 0) return said("stopped", "ran to its end");
      if (container?.outOfMemory === true) return said("stopped", "ran out of memory");
      const asked = service.asked ? "somebody stopped it; it " : "";
      return said("stopped", `${asked}exited${code}`);
    }
    case "missing":
      return said("missing", "has no container");
    case "unknown":
      return said("unknown", `cannot be told: ${service.reason ?? "no reason known"}`);
    case "unreachable":
      return said("unknown", "is on a host that is not heard of");
  }
}

function finding(
  id: string,
  state: Finding["state"],
  detail: string,
  since: string,
  sequence: number,
): Finding {
  return { id, state, detail, since, sequence, exitCode: null };
}
