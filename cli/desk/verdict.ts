// How everything is, in one sentence.
import type { HostRow, Status } from "../../control-plane/desk/views.ts";
import { isIntermittent } from "../../model/host-names.ts";
import { counted } from "../../model/counted.ts";

/** How everything is. */
export interface Verdict {
  readonly sentence: string;
  /** 0 all is well, 2 something is not, 1 nobody can tell. */
  readonly exitCode: 0 | 1 | 2;
}

/** A service that is so needs nobody. */
const WELL: readonly string[] = ["healthy", "running"];

/** The rows of all hosts there should be; what was never heard of has one too. */
export function rowsOf({ hosts }: Status, names: readonly string[]): HostRow[] {
  const missing = names.filter((name) => !hosts.some(({ host }) => host === name));
  const unknown = missing.map((host): HostRow => {
    const freshness = "unknown" as const;
    const nothing = { asDesired: null, maintenance: null, held: false };
    return { host, freshness, heardSecondsAgo: null, services: {}, ...nothing };
  });
  return [...hosts, ...unknown];
}

/** Whether a host is out of sight, as one may be that is marked intermittent. */
export function isAbsent({ host, freshness }: HostRow): boolean {
  return freshness !== "fresh" && isIntermittent(host);
}

/** The verdict. @param names hosts there should be */
export function verdictOf(status: Status, names: readonly string[]): Verdict {
  const { stale, incidents, actions } = status;
  if (stale !== null) return { sentence: `Nobody can tell how things are: ${stale}`, exitCode: 1 };
  const rows = rowsOf(status, names);
  const fresh = rows.filter(({ freshness }) => freshness === "fresh").length;
  const absent = rows.filter(isAbsent);
  const unwell = rows
    // How what is on the others is, nobody knows, and nobody has to.
    .filter((row) => !isAbsent(row))
    .flatMap(({ services }) => Object.entries(services))
    .reduce((sum, [state, count]) => sum + (WELL.includes(state) ? 0 : count), 0);
  const waiting = actions.pending ?? 0;
  const open = Object.values(actions).reduce((sum, count) => sum + count, 0);
  const parts = [
    `${fresh} of ${counted(rows.length, "host")} fresh`,
    `${inWords(waiting, "action")} ${waiting > 1 ? "wait" : "waits"}`,
    ...(open > waiting ? [`${inWords(open - waiting, "action")} under way`] : []),
    inWords(incidents, "incident"),
    ...(unwell > 0 ? [`${inWords(unwell, "service")} not well`] : []),
    ...(absent.length > 0
      ? [`away, as it may be: ${absent.map(({ host }) => host).join(", ")}`]
      : []),
  ];
  const isWell =
    fresh + absent.length === rows.length && open === 0 && incidents === 0 && unwell === 0;
  return { sentence: parts.join("; "), exitCode: isWell ? 0 : 2 };
}

/** "no action", "one action", "2 actions". */
function inWords(count: number, noun: string): string {
  if (count === 0) return `no ${noun}`;
  return count === 1 ? `one ${noun}` : counted(count, noun);
}
