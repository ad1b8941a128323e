// Once a week: how old the copies are, which images are not those of the lock, what waits for a person.
import type { Action } from "../../contract/actions.ts";
import { own, type Worlds } from "../../contract/observed.ts";
import { ageSeconds, type HostWorld } from "../../contract/world.ts";
import type { Desired } from "../desired.ts";
import type { Seen } from "../recommend.ts";
import { messageOf, type Message } from "./message.ts";
import type { NotifySettings } from "./settings.ts";
import { namesOf } from "./wording.ts";

/** What a digest is made of. */
export interface Digested {
  readonly desired: Desired;
  readonly worlds: Worlds;
  /** All there are, but those that are about to be closed. */
  readonly actions: readonly Action[];
  readonly seen: readonly Seen[];
  readonly now: number;
}

const HOUR = 3600;
const DAY_HOURS = 24;
/** What is longer than this is said in days. */
const MOST_HOURS = 72;
const MOST_OPEN = 10;
const OPEN: readonly Action["state"][] = ["pending", "approved", "claimed", "running"];

/** The last moment at which a digest was due, in milliseconds since 1970, by the local clock. */
export function lastDue({ weekday, hour }: NotifySettings["digest"], now: number): number {
  const due = new Date(now);
  due.setHours(hour, 0, 0, 0);
  const days = (due.getDay() - weekday + 7) % 7;
  due.setDate(due.getDate() - days);
  if (due.getTime() > now) due.setDate(due.getDate() - 7);
  return due.getTime();
}

/** The digest of a week. @param due names it, in milliseconds since 1970 */
export function digestOf(digested: Digested, due: number): Message {
  const { now, seen, actions } = digested;
  const copies = copiesOf(digested);
  const incidents = seen.flatMap(({ incident }) => (incident ? [incident.cause] : []));
  const images = seen.flatMap(({ problem }) => (problem.kind === "image" ? [problem.cause] : []));
  const open = actions.filter(({ state }) => OPEN.includes(state));
  return messageOf(
    {
      kind: "digest",
      of: new Date(due).toISOString(),
      severity: "info",
      cause: null,
      title: `the week: ${counted(incidents.length, "incident")}, ${counted(open.length, "open action")}`,
      lines: [
        ...(incidents.length > 0 ? [`not well: ${namesOf(incidents)}`] : ["all is well"]),
        ...open.slice(0, MOST_OPEN).map(openText),
        images.length > 0
          ? `other images than the lock says: ${namesOf(images)}`
          : "all images are those of the lock; newer ones: npx homelab images outdated",
        copies.length > 0 ? "last good copies, the oldest first:" : "no job makes copies",
        ...copies,
      ],
    },
    now,
  );
}

/** Only what nobody has decided waits for a person. */
function openText({ id, state, binding: { verb, host, target } }: Action): string {
  const what = `${verb} ${host}/${target} (${id.slice(0, 8)})`;
  return state === "pending" ? `waits for you: ${what}` : `under way: ${what}, ${state}`;
}

/** A line for each job; first those of which there is no good copy, or nobody knows. */
function copiesOf({ desired, worlds, now }: Digested): string[] {
  const jobs = [...desired.hosts].flatMap(([host, { declaration }]) => {
    const world = worlds.get(host);
    return declaration.services.flatMap(({ name, backup }) => {
      return backup ? [{ job: `${host}/${name}`, hours: hoursOf(world, name, now) }] : [];
    });
  });
  const rank = (hours: number | "never" | "unknown"): number =>
    hours === "never" ? Infinity : hours === "unknown" ? Number.MAX_VALUE : hours;
  return jobs
    .sort((a, b) => rank(b.hours) - rank(a.hours) || a.job.localeCompare(b.job))
    .map(({ job, hours }) => `${job}: ${typeof hours === "number" ? spanOf(hours) : hours}`);
}

function hoursOf(
  world: HostWorld | undefined,
  job: string,
  now: number,
): number | "never" | "unknown" {
  const seen = world && own(world.backups, job);
  if (!seen) return "unknown";
  if (seen.ageSeconds === null) return "never";
  return Math.floor((seen.ageSeconds + ageSeconds(seen.at, now)) / HOUR);
}

function spanOf(hours: number): string {
  return hours <= MOST_HOURS ? `${hours} h` : `${Math.floor(hours / DAY_HOURS)} days`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
