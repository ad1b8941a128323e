// What `status` and `incidents` print.
import type { HostRow } from "../../control-plane/desk/views.ts";
import type { Action } from "../../control-plane/contract/actions.ts";
import type { Incident } from "../../control-plane/contract/supervisor-state.ts";
import { ageSeconds } from "../../control-plane/contract/world.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { spanText } from "../../deploy/times.ts";
import { table } from "../table.ts";
import { commandFor, short, titleOf } from "./card.ts";
import { isAbsent, type Verdict } from "./verdict.ts";

/** What `status` shows. */
export interface StatusPage {
  readonly verdict: Verdict;
  readonly hosts: readonly HostRow[];
  readonly incidents: readonly Incident[];
  /** Those that are not over. */
  readonly actions: readonly Action[];
  /** Milliseconds since 1970, by the clock of the VPS. */
  readonly now: number;
}

/** All of it for a person. */
export function statusText({ verdict, hosts, incidents, actions, now }: StatusPage): string {
  const parts = [`${visible(verdict.sentence)}.\n`];
  if (verdict.exitCode === 1) parts.push("What follows is how they were when that was known.\n");
  parts.push(table(["host", "heard", "services", "note"], hosts.map(hostCells)));
  if (incidents.length > 0) parts.push(incidentsText(incidents, now));
  if (actions.length > 0) {
    const header = ["action", "what", "state", "since", "do it"];
    parts.push(
      table(
        header,
        actions.map((action) => actionCells(action, now)),
      ),
    );
  }
  return parts.join("\n");
}

/** Each cause in a row, the longest first. */
export function incidentsText(incidents: readonly Incident[], now: number): string {
  const rows = incidents.map(({ cause, since, detail, flapping, affected, action, withheld }) => [
    cause,
    spanText(ageSeconds(since, now)),
    flapping ? `${detail} (it comes and goes)` : detail,
    affected.length === 0 ? "-" : affected.join("\n"),
    action === null ? `none: ${withheld ?? "nobody knows a remedy"}` : short(action),
  ]);
  const header = ["incident", "for", "how it is", "not well because of it", "action"];
  return table(
    header,
    rows.map((row) => row.map(cellsOf)),
  );
}

/** A cell may have several lines, which are ours; what else could move a cursor is written out. */
function cellsOf(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

function hostCells(row: HostRow): string[] {
  const { host, freshness, heardSecondsAgo, services, ...how } = row;
  const heard = heardSecondsAgo === null ? "never" : `${spanText(heardSecondsAgo)} ago`;
  const counts = Object.entries(services)
    .sort(([, a], [, b]) => b - a)
    .map(([state, count]) => `${count} ${state}`);
  const notes = [
    ...(isAbsent(row) ? ["away, as it may be"] : []),
    ...(how.asDesired === false ? ["not as the repository has it"] : []),
    ...(how.maintenance === null ? [] : [`under maintenance: ${how.maintenance}`]),
    ...(how.held ? ["held at an earlier deployment"] : []),
  ];
  const cells = [host, `${freshness}, ${heard}`, counts.join(", ") || "none known"];
  return [...cells, notes.join("; ") || "-"].map(visible);
}

function actionCells(action: Action, now: number): string[] {
  const { id, state, since } = action;
  const command = state === "pending" ? commandFor(action) : "-";
  return [short(id), titleOf(action), state, spanText(ageSeconds(since, now)), command];
}
