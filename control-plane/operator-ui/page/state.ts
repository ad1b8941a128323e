// Everything that is known, as the page is sent it, and whether it is other than before.
import type { State } from "../../contract/page-api.ts";
import type { Read } from "../read-state.ts";
import { summaryOf } from "../summary.ts";

/**
 * The state. What was signed has no part in it: who looks is handed nothing that a host would obey.
 * @param now milliseconds since 1970
 */
export function stateOf(read: Read, build: string, now: number): State {
  const { hosts, actions, health, supervisor } = read;
  return {
    version: 1,
    build,
    at: new Date(now).toISOString(),
    summary: summaryOf(read, build, now),
    hosts: hosts.map(({ boot: _boot, receipts: _receipts, ...world }) => world),
    actions: actions.map((action) => ({ ...action, authority: null })),
    incidents: supervisor?.incidents ?? [],
    drift: supervisor?.drift ?? [],
    supervisor: { at: supervisor?.at ?? null, blind: supervisor?.blind ?? null },
    observer: health ?? null,
  };
}

/** What passes by itself while nothing happens. */
const PASSES = new Set([
  "at",
  "ageSeconds",
  "clockAheadSeconds",
  "counts",
  "heard",
  "kept",
  "longestUnheardSeconds",
  "oldestSeconds",
  "sequence",
  "taken",
]);

/** Equal for two states between which nothing happened but time. */
export function happenedIn(state: State): string {
  return JSON.stringify(state, (key, value: unknown) => (PASSES.has(key) ? undefined : value));
}
