// What a household is put together of: services, hosts and actions as the page gets to see them.
import { bindingHash, type Action, type Binding } from "../../../control-plane/contract/actions.ts";
import type { HostWorld, ServiceWorld } from "../../../control-plane/contract/world.ts";

/** When everything is. */
export const NOW = Date.parse("2026-11-26T12:00:00.000Z");

/** So many seconds before that. */
export function before(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

/** How a service can be. */
export type Health = ServiceWorld["state"];

/** The digest that its containers were made from. */
export const DIGEST = `sha256:${"ab".repeat(32)}`;
/** The commit that is deployed. */
export const COMMIT = "4f1c0de5".repeat(5);

/** A service as it is in such a state. */
export function service(state: Health, more: Partial<ServiceWorld> = {}): ServiceWorld {
  const isSilent = state === "unknown" || state === "unreachable";
  const container = {
    id: "c0".repeat(32),
    image: "registry.lan/app:1.2.3",
    digest: DIGEST,
    spec: "5".repeat(16),
    startedAt: before(90_000),
    exitCode: state === "exited" ? 137 : null,
    outOfMemory: false,
    restarts: 0,
    at: before(25),
  };
  return {
    state,
    since: before(state === "healthy" ? 90_000 : 260),
    at: before(25),
    was: isSilent ? "healthy" : null,
    reason: null,
    planned: true,
    container: state === "missing" ? null : container,
    asked: false,
    heldBy: null,
    ...more,
  };
}

/** A host that is fresh, with these services. */
export function host(
  name: string,
  services: Readonly<Record<string, ServiceWorld>>,
  more: Partial<HostWorld> = {},
): HostWorld {
  return {
    version: 1,
    host: name,
    sequence: 4200,
    freshness: { state: "fresh", since: before(86_000), heard: before(3), silentAfterSeconds: 30 },
    gap: null,
    program: { build: "4f1c0de5", boot: "b1", at: before(86_000) },
    engine: { state: "answers", reason: null, at: before(25) },
    plan: { digest: "7".repeat(16), commit: COMMIT, at: before(25) },
    maintenance: null,
    hold: null,
    deploying: null,
    looked: before(25),
    clockAheadSeconds: 0,
    services: { ...services },
    gates: {},
    backups: {},
    counts: { events: 4200, late: 0, lost: 0 },
    ...more,
  };
}

/** An action of a verb. @param id one hexadecimal digit, which is repeated */
export function action(id: string, verb: Binding["verb"], more: Partial<Action> = {}): Action {
  const on = more.binding?.host ?? "docker-vm";
  const binding: Binding = {
    verb,
    host: on,
    target: "jellyfin",
    plan: "7".repeat(16),
    observed: "1".repeat(64),
    commit: null,
    digests: [DIGEST],
    ...more.binding,
  };
  return {
    version: 1,
    id: id.repeat(32),
    reason: "jellyfin was stopped and nothing holds it back",
    evidence: [{ fact: "the engine says that it exited", sequence: 4190, at: before(260) }],
    rootCause: `${on}/${binding.target}`,
    risk: "low",
    blastRadius: { restarts: [`${on}/${binding.target}`], degrades: [], data: [] },
    reversibility: { kind: "nothing-to-undo", how: "it is stopped again" },
    proposedAt: before(240),
    expires: before(-3300),
    state: "pending",
    since: before(240),
    decision: null,
    authority: null,
    claimedBy: null,
    outcome: null,
    supersededBy: null,
    ...more,
    binding,
    hash: bindingHash(binding),
  };
}
