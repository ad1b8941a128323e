// Which jobs made no copy as they should, by what they say themselves.
import { causesIn, chainOf } from "../../model/cause-chain.ts";
import type { ServiceDeclaration } from "../../model/declaration.ts";
import { own } from "../contract/observed.ts";
import { ageSeconds, type HostWorld } from "../contract/world.ts";
import type { Desired, DesiredHost } from "./desired.ts";
import type { Finding } from "./findings.ts";
import type { Problem } from "./problem.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How a job is whose container runs, and whose check fails. */
const CHECK_FAILS: readonly Problem["kind"][] = ["unhealthy", "starting"];

/** The jobs of a host whose last copy is too old, or whose last run made no good one. */
export function missedCopies({ services }: DesiredHost, world: HostWorld, now: number): Problem[] {
  const { host, sequence, looked } = world;
  if (looked === null) return [];
  return [...services.values()].flatMap((service): Problem[] => {
    const detail = failure(service, world) ?? overdue(service, world, now);
    if (detail === undefined) return [];
    const since = own(world.backups, service.name)?.at ?? looked;
    const cause = `${host}/${service.name}`;
    return [{ kind: "backup", cause, host, detail, since, sequence, affected: [] }];
  });
}

/**
 * All problems, each once: a copy that was not made because of something else is its symptom, a job
 * that is down makes none, and the check of one that makes none fails of that.
 */
export function withMissedCopies(
  problems: readonly Problem[],
  missed: readonly Problem[],
  { needs }: Pick<Desired, "needs">,
  findingOf: (id: string) => Finding,
): Problem[] {
  const isThere = (cause: string): boolean => problems.some((one) => one.cause === cause);
  const isDown = (job: string): boolean =>
    problems.some(({ cause, kind }) => cause === job && !CHECK_FAILS.includes(kind));
  const symptoms = new Map<string, string[]>();
  const alone = missed.filter(({ cause }) => {
    const causes = causesIn(chainOf(needs, cause, findingOf)).map(({ id }) => id);
    const others = causes.filter((id) => id !== cause && isThere(id));
    for (const other of others) symptoms.set(other, [...(symptoms.get(other) ?? []), cause]);
    return others.length === 0 && !isDown(cause);
  });
  const isSaidBetter = ({ cause, kind }: Problem): boolean =>
    CHECK_FAILS.includes(kind) && alone.some((one) => one.cause === cause);
  const rest = problems.filter((one) => !isSaidBetter(one));
  return [
    ...rest.map((one) => {
      const affected = new Set([...one.affected, ...(symptoms.get(one.cause) ?? [])]);
      return { ...one, affected: [...affected].sort() };
    }),
    ...alone,
  ];
}

/** Why a job's last run made no good copy; undefined when it did. */
function failure({ name }: ServiceDeclaration, { backups }: HostWorld): string | undefined {
  const failed = own(backups, name)?.failed;
  return failed === undefined ? undefined : `made no good copy: ${failed}`;
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
