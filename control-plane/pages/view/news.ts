// What is said aloud to who cannot see the page: what came and what ended, and never each figure.
import type { State } from "../../contract/page-api.ts";
import { titleOf } from "./action-queue.ts";
import { WORDS } from "../words.ts";

/** What is new in a state, in one sentence; empty when nothing is worth saying. */
export function newsBetween(before: State | null, after: State): string {
  if (before === null) return "";
  const known = new Map(before.actions.map(({ id, state }) => [id, state]));
  const causes = new Set(before.incidents.map(({ cause }) => cause));
  const left = new Set(after.incidents.map(({ cause }) => cause));
  const changed = after.actions.filter(({ id, state }) => known.get(id) !== state);
  return [
    ...after.incidents
      .filter(({ cause }) => !causes.has(cause))
      .map(({ cause, detail }) => WORDS.newIncident(cause, detail)),
    ...[...causes].filter((cause) => !left.has(cause)).map(WORDS.incidentOver),
    ...changed.map((action) => WORDS.actionIs(titleOf(action), WORDS.action[action.state])),
  ].join(". ");
}
