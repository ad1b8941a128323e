import type { HealthDeclaration } from "../../model/declaration.ts";
import { stopSeconds } from "../../model/stop-time.ts";
import { toMebibytes, toSeconds, type Duration } from "../../model/units.ts";
import type { Edit, Part, Refusal } from "./part.ts";

/** Of the health check, by the key of the Compose Specification. */
const CHECK_TIMES = {
  interval: "interval",
  timeout: "timeout",
  start_period: "startPeriod",
} as const;

/** Times and tries of the health check. What it asks stays. */
export const healthcheck: Part = (service, { healthcheck: given = {} }) => {
  const edits: Edit[] = [];
  const refusals: Refusal[] = [];
  let health: HealthDeclaration = service.health;
  for (const [key, field] of Object.entries(CHECK_TIMES)) {
    const next = given[key as keyof typeof CHECK_TIMES];
    if (next === undefined || next === health[field]) continue;
    const at = ["healthcheck", key];
    edits.push({ at, declared: `health.${field}`, old: health[field] ?? null, next });
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

/** Time to stop. A shorter one would have data half written. */
export const stopGrace: Part = (service, { stop_grace_period: next }) => {
  const seconds = stopSeconds(service);
  if (next === undefined || toSeconds(next) === seconds) return unchanged(service);
  const at = ["stop_grace_period"];
  const old: Duration = service.stopGrace ?? `${seconds}s`;
  const message = `is shorter than the ${old} that are declared, which can cost data`;
  return {
    service: { ...service, stopGrace: next },
    edits: [{ at, declared: "stopGrace", old, next }],
    refusals: toSeconds(next) < seconds ? [{ at, message }] : [],
  };
};

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
