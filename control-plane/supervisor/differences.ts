// Where a host is not as the repository has it: its plan, its containers, and the age of its copies.
import type { ServiceDeclaration } from "../../model/declaration.ts";
import type { Difference } from "../contract/drift.ts";
import { own } from "../contract/observed.ts";
import { ageSeconds, type HostWorld } from "../contract/world.ts";
import type { DesiredHost } from "./desired.ts";
import { driftOf } from "./drift.ts";
import type { Problem } from "./problem.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What is to be done about on a host that differs, and about copies that are too old. */
export function differencesOf(desired: DesiredHost, world: HostWorld, now: number): Problem[] {
  const { declaration, services } = desired;
  const { host, sequence, looked } = world;
  if (looked === null) return [];
  const problem = (
    kind: Problem["kind"],
    cause: string,
    detail: string,
    since: string,
  ): Problem => ({ kind, cause, host, detail, since, sequence, affected: [] });
  const differing = driftOf(desired, world).map((each) => {
    const cause = each.service === null ? host : `${host}/${each.service}`;
    return problem(PROBLEMS[each.kind], cause, detailOf(each), each.at);
  });
  // Under another plan there may be other jobs.
  if (differing.some(({ kind }) => kind === "plan")) return differing;
  const copies = declaration.services.flatMap((service): Problem[] => {
    const detail = overdue(service, world, now);
    if (detail === undefined || !services.has(service.name)) return [];
    const at = own(world.backups, service.name)?.at ?? looked;
    return [problem("backup", `${host}/${service.name}`, detail, at)];
  });
  return [...differing, ...copies];
}

const PROBLEMS: Readonly<Record<Difference["kind"], Problem["kind"]>> = {
  plan: "plan",
  made: "differs",
  image: "image",
};

function detailOf({ kind, declared, found }: Difference): string {
  switch (kind) {
    case "plan":
      return found === null
        ? "has no plan yet"
        : `has the plan ${found}, and the repository ${declared}`;
    case "made":
      return found === null
        ? "has a container that somebody else made"
        : "was made from another declaration";
    case "image":
      return "runs another image than the lock says";
  }
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
