import type { HealthDeclaration } from "../../model/declaration.ts";
import { stopSeconds } from "../../model/stop-time.ts";
import { toMebibytes, toSeconds, type Duration } from "../../model/units.ts";
import type { Edit, Part, Refusal } from "./part.ts";

/** Of the health check, by the key of the Compose Specification; the longest, and why not longer. */
const CHECK_TIMES = {
  interval: {
    field: "interval",
    longest: "1h",
    why: "and nobody would notice in time that it is not well",
  },
  timeout: {
    field: "timeout",
    longest: "10m",
    why: "and a check that hangs would count as none for so long",
  },
  start_period: {
    field: "startPeriod",
    longest: "1h",
    why: "and a deployment would wait so long for one that does not come up",
  },
} as const;

/** The engine, and with it the host, waits so long when it shuts down. */
const LONGEST_GRACE: Duration = "15m";

/** Times and tries of the health check. What it asks stays. */
export const healthcheck: Part = (service, { healthcheck: given = {} }) => {
  const edits: Edit[] = [];
  const refusals: Refusal[] = [];
  let health: HealthDeclaration = service.health;
  for (const [key, { field, longest, why }] of Object.entries(CHECK_TIMES)) {
    const next = given[key as keyof typeof CHECK_TIMES];
    if (next === undefined || next === health[field]) continue;
    const at = ["healthcheck", key];
    const old = health[field] ?? null;
    if (isTooLong(next, longest, old)) {
      refusals.push({ at, message: `is longer than ${longest}, ${why}` });
    }
    edits.push({ at, declared: `health.${field}`, old, next });
    health = { ...health, [field]: next };
  }
  const { retries } = given;
  if (retries !== undefined && retries !== health.retries) {
    const at = ["healthcheck", "retries"];
    if (retries < 1) refusals.push({ at, message: "has to be at least 1" });
    const old = health.retries === undefined ? null : String(health.retries);
    edits.push({ at, declared: "health.retries", old, next: String(retries) });
    health = { ...health, retries };
  }
  return { service: edits.length === 0 ? service : { ...service, health }, edits, refusals };
};

/** Time to stop. A shorter one would have data half written, a longer one hold up a shutdown. */
export const stopGrace: Part = (service, { stop_grace_period: next }) => {
  const seconds = stopSeconds(service);
  if (next === undefined || toSeconds(next) === seconds) return unchanged(service);
  const at = ["stop_grace_period"];
  const old: Duration = service.stopGrace ?? `${seconds}s`;
  const message =
    toSeconds(next) < seconds
      ? `is shorter than the ${old} that are declared, which can cost data`
      : `is longer than ${LONGEST_GRACE}, and the host would wait so long when it shuts down`;
  const isRefused = toSeconds(next) < seconds || isTooLong(next, LONGEST_GRACE, old);
  return {
    service: { ...service, stopGrace: next },
    edits: [{ at, declared: "stopGrace", old, next }],
    refusals: isRefused ? [{ at, message }] : [],
  };
};

/** What is declared longer may be as long. */
function isTooLong(next: Duration, longest: Duration, declared: Duration | null): boolean {
  return toSeconds(next) > Math.max(toSeconds(longest), declared ? toSeconds(declared) : 0);
}

/** Size of /dev/shm. */
export const sharedMemory: Part = (service, { shm_size: next }) => {
  const old = service.sharedMemory;
  if (next === undefined || (old && toMebibytes(next) === toMebibytes(old))) {
    return unchanged(service);
  }
  const at = ["shm_size"];
  const edits = [{ at, declared: "sharedMemory", old: old ?? null, next }];
  return { service: { ...service, sharedMemory: next }, edits, refusals: [] };
};

function unchanged(service: Parameters<Part>[0]): ReturnType<Part> {
  return { service, edits: [], refusals: [] };
}
