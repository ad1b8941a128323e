// Where a host is not as the repository has it: its plan, its containers, and the age of its copies.
import type { ServiceDeclaration } from "../../model/declaration.ts";
import { own } from "../contract/observed.ts";
import { ageSeconds, type HostWorld } from "../contract/world.ts";
import type { DesiredHost } from "./desired.ts";
import type { Problem } from "./problem.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * How a host differs. Containers are compared only under the plan that they were made for: under
 * another one they differ because of it, and one deployment mends them all.
 */
export function differencesOf(
  { declaration, plan, services }: DesiredHost,
  world: HostWorld,
  now: number,
): Problem[] {
  const { host, sequence, looked } = world;
  if (looked === null) return [];
  const problem = (
    kind: Problem["kind"],
    cause: string,
    detail: string,
    since: string,
  ): Problem => ({ kind, cause, host, detail, since, sequence, affected: [] });
  if (world.plan === null) return [problem("plan", host, "has no plan yet", looked)];
  if (world.plan.digest !== plan.digest) {
    const detail = `has the plan ${world.plan.digest}, and the repository ${plan.digest}`;
    return [problem("plan", host, detail, world.plan.at)];
  }
  const containers = plan.services.flatMap(({ name, spec, image }): Problem[] => {
    const service = own(world.services, name);
    const container = service?.container;
    if (!service || !container || !wasLookedAt(container)) return [];
    const id = `${host}/${name}`;
    if (container.spec !== spec) {
      const detail =
        container.spec === null
          ? "has a container that somebody else made"
          : "was made from another declaration";
      return [problem("differs", id, detail, container.at)];
    }
    const digest = digestOf(image);
    if (digest !== undefined && container.digest !== null && container.digest !== digest) {
      return [problem("image", id, "runs another image than the lock says", container.at)];
    }
    return [];
  });
  const copies = declaration.services.flatMap((service): Problem[] => {
    const detail = overdue(service, world, now);
    if (detail === undefined || !services.has(service.name)) return [];
    const at = own(world.backups, service.name)?.at ?? looked;
    return [problem("backup", `${host}/${service.name}`, detail, at)];
  });
  return [...containers, ...copies];
}

/** An event names a container before anybody has looked at it. */
export function wasLookedAt({
  spec,
  digest,
  startedAt,
}: NonNullable<HostWorld["services"][string]["container"]>): boolean {
  return spec !== null || digest !== null || startedAt !== null;
}

/** The digest in a reference; undefined for one that is not pinned. */
export function digestOf(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}

/** Why a job's last copy is too old; undefined when it is not, or nobody can tell. */
function overdue(
  { name, backup }: ServiceDeclaration,
  { backups, services }: HostWorld,
  now: number,
): string | undefined {
  const seen = own(backups, name);
  if (!backup || !seen) return undefined;
  const limit = longestAge(backup.schedule);
  if (seen.ageSeconds === null) {
    // A new job has its first copy after its first night.
    const started = own(services, name)?.container?.startedAt;
    if (started === undefined || started === null || ageSeconds(started, now) <= limit) {
      return undefined;
    }
    return "has made no copy yet";
  }
  const age = seen.ageSeconds + ageSeconds(seen.at, now);
  return age > limit ? `made its last copy ${Math.floor(age / HOUR)} h ago` : undefined;
}

/** Age of a copy in seconds from which on one was left out, by the cron fields of its job. */
export function longestAge(schedule: string): number {
  const [, hour = "*", day = "*", month = "*", weekday = "*"] = schedule.split(" ");
  const period =
    month !== "*"
      ? 366 * DAY
      : day !== "*"
        ? 31 * DAY
        : weekday !== "*"
          ? 7 * DAY
          : hour !== "*"
            ? DAY
            : HOUR;
  // A copy takes its time, and a host may boot at the hour.
  return period + Math.max(2 * HOUR, period / 8);
}
