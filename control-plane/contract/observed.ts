// What an approval is bound to of the world: the same function computes it when an action is
// proposed and again when a host fetches it.
import { createHash } from "node:crypto";
import { canonical } from "../../model/fingerprint.ts";
import type { Binding } from "./actions.ts";
import type { Verb } from "./verbs.ts";
import type { HostWorld, ServiceWorld } from "./world.ts";

/** World by host. */
export type Worlds = ReadonlyMap<string, HostWorld>;

/** Verbs that are about what is declared, so that it makes no difference how well a service is. */
const WHATEVER_ITS_HEALTH: readonly Verb[] = [
  "redeploy-service",
  "deploy-host",
  "roll-back",
  "update-image",
  "run-backup",
];

/**
 * SHA-256 of what is observed of the target and of all that restarts with it. Times and counters
 * have no part in it: an approval outlives them.
 * @param restarts services, as "<host>/<name>"
 */
export function observedHash(
  worlds: Worlds,
  { verb, host, target }: Pick<Binding, "verb" | "host" | "target">,
  restarts: readonly string[],
): string {
  const world = worlds.get(host);
  const withHealth = !WHATEVER_ITS_HEALTH.includes(verb);
  const services = [...new Set([...ownService(verb, host, target), ...restarts])].sort();
  const seen = {
    plan: world?.plan?.digest ?? null,
    held: world?.hold ? (world.hold.commit ?? "somewhere") : null,
    gate: verb === "remount" ? world && own(world.gates, target)?.state : undefined,
    services: services.map((id) => [id, seenOf(worlds, id, withHealth)]),
  };
  return createHash("sha256").update(canonical(seen)).digest("hex");
}

/** The service that a verb's target names, as "<host>/<name>"; none for gates, receipts and hosts. */
export function ownService(verb: Verb, host: string, target: string): string[] {
  switch (verb) {
    case "start":
    case "restart":
    case "redeploy-service":
    case "update-image":
    case "run-backup":
      return [`${host}/${target}`];
    case "restore-copy":
      return [`${host}/${target.slice(0, target.lastIndexOf("@"))}`];
    case "deploy-host":
    case "roll-back":
    case "remount":
      return [];
  }
}

/** How a service is, in the words that a decision rests on. */
export function conditionOf(state: ServiceWorld["state"]): string {
  switch (state) {
    case "healthy":
    case "running":
      return "runs";
    case "created":
    case "exited":
    case "paused":
    case "restarting":
      return "stopped";
    case "starting":
    case "unhealthy":
    case "missing":
    case "unknown":
    case "unreachable":
      return state;
  }
}

/** What is known of a service given as "<host>/<name>". */
export function serviceIn(worlds: Worlds, id: string): ServiceWorld | undefined {
  const [host = "", name = ""] = id.split("/");
  const services = worlds.get(host)?.services;
  return services && own(services, name);
}

/** The entry of a key; a name such as "constructor" is no entry by itself. */
export function own<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function seenOf(worlds: Worlds, id: string, withHealth: boolean): unknown {
  const service = serviceIn(worlds, id);
  if (!service) return null;
  const container = service.container && {
    id: service.container.id,
    digest: service.container.digest,
    spec: service.container.spec,
  };
  return { container, ...(withHealth ? { condition: conditionOf(service.state) } : {}) };
}
