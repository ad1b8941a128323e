// How everything is, in one sentence.
import { counted } from "../../../model/counted.ts";
import type { State } from "../../contract/page-api.ts";
import type { Node } from "./nodes.ts";
import type { Knowledge, Tone } from "./tone.ts";
import { WORDS } from "../words.ts";

/** How everything is. */
export interface Verdict {
  readonly tone: Tone;
  readonly sentence: string;
}

/** The verdict on a state and its nodes. */
export function verdictOf(
  { at, hosts, actions, incidents, supervisor, summary, observer }: State,
  nodes: readonly Node[],
  { old }: Knowledge,
): Verdict {
  if (old !== null) return { tone: "unknown", sentence: WORDS.nobodyCanTell(old) };
  if (hosts.length === 0) return { tone: "unknown", sentence: WORDS.noHosts };
  const fresh = hosts.filter(({ freshness, gap }) => freshness.state === "fresh" && gap === null);
  const waiting = actions.filter(({ state }) => state === "pending").length;
  const underWay = actions.filter(({ state }) => UNDER_WAY.includes(state)).length;
  const sick = nodes.filter(({ tone }) => tone === "bad").length;
  const unknown = nodes.filter(({ tone }) => tone === "unknown").length;
  const sentence = [
    `${fresh.length} of ${counted(hosts.length, "host")} fresh`,
    `${inWords(waiting, "action")} ${waiting > 1 ? "wait" : "waits"}`,
    ...(underWay > 0 ? [`${inWords(underWay, "action")} under way`] : []),
    inWords(incidents.length, "incident"),
    ...(sick > 0 ? [`${inWords(sick, "service")} not well`] : []),
    ...(unknown > 0 ? [`${inWords(unknown, "service")} of which nobody knows`] : []),
  ].join("; ");
  const isSick = incidents.length > 0 || sick > 0;
  const isSure =
    fresh.length === hosts.length &&
    unknown === 0 &&
    supervisor.blind === null &&
    hasCompared({ at, supervisor }) &&
    summary.unreadable === 0 &&
    observer?.writable !== false;
  const tone = isSick ? "bad" : !isSure ? "unknown" : waiting + underWay > 0 ? "busy" : "good";
  return { tone, sentence };
}

/** The Supervisor compares four times a minute; one that has not of late says nothing of now. */
const COMPARES_WITHIN_MS = 60_000;

/** Whether the Supervisor has compared lately, so that "no incident" says something. */
export function hasCompared({ at, supervisor }: Pick<State, "at" | "supervisor">): boolean {
  if (supervisor.at === null) return false;
  return Date.parse(at) - Date.parse(supervisor.at) < COMPARES_WITHIN_MS;
}

const UNDER_WAY: readonly string[] = ["approved", "claimed", "running", "interrupted"];

/** "no action", "one action", "2 actions". */
function inWords(count: number, noun: string): string {
  if (count === 0) return `no ${noun}`;
  return count === 1 ? `one ${noun}` : counted(count, noun);
}
