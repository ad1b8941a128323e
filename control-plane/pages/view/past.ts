// A moment that is past, as a state: what the log does not keep is not in it.
import type { Past, State } from "../../contract/page-api.ts";
import type { View } from "./route.ts";

/** A moment that is shown. */
export type Moment = NonNullable<Past["moment"]>;

/** Views that a past moment has something for. */
const KEPT: readonly View[] = ["services", "events", "backups", "hosts", "help"];

/** Whether a view shows a past moment. */
export function showsPast(view: View): boolean {
  return KEPT.includes(view);
}

/** The state of then. @param now of which build and version the server is */
export function stateThen({ at, hosts }: Moment, now: State): State {
  return {
    ...now,
    at,
    hosts,
    actions: [],
    incidents: [],
    drift: [],
    supervisor: { at: null, blind: null },
    observer: null,
  };
}

/** Whole minutes between two moments, both of them in reach. @param at in ISO 8601 */
export function minutesBetween(from: string, at: string): number {
  return Math.max(0, Math.floor((Date.parse(at) - Date.parse(from)) / 60_000));
}

/** The moment so many minutes after another. */
export function minutesAfter(from: string, minutes: number): string {
  return new Date(Date.parse(from) + minutes * 60_000).toISOString();
}
