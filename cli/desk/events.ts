import type { LoggedEvent } from "../../control-plane/contract/logged-event.ts";
import * as desks from "../../control-plane/desk/events.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import type { HostName } from "../../model/host-names.ts";
import { note, print, printJson } from "../output.ts";
import { table } from "../table.ts";
import { eventsScript } from "./look-script.ts";
import { read, type Desk } from "./vps.ts";
import { eventsAnswerSchema } from "./answers.ts";

/** Which events are wanted. */
export interface EventsOptions {
  readonly host?: HostName;
  readonly service?: string;
  /** Not older than so many seconds. */
  readonly sinceSeconds?: number;
  readonly limit: number;
  readonly json: boolean;
}

/** Prints what happened, the newest last; answers the exit code. */
export async function events(desk: Desk, options: EventsOptions): Promise<number> {
  const { host, service, sinceSeconds, limit, json } = options;
  const { now, files } = await read(desk, eventsScript(desk.root));
  const lines = (files.get("events") ?? "").split("\n");
  const { rows, unreadable } = desks.events(lines, {
    limit,
    ...(host === undefined ? {} : { host }),
    ...(service === undefined ? {} : { service }),
    ...(sinceSeconds === undefined ? {} : { since: now - sinceSeconds * 1000 }),
  });
  if (json) printJson(eventsAnswerSchema, rows);
  else print(rows.length === 0 ? "Nothing of that is in the newest lines." : eventsText(rows));
  // The first one may have been cut off where the newest begin.
  if (unreadable > 1) note(`${unreadable} lines cannot be read, and are left out.`);
  return 0;
}

/** A row for each. */
export function eventsText(rows: readonly LoggedEvent[]): string {
  const cells = rows.map(({ at, host, kind, subject, text }) =>
    [at, host ?? "-", kind, subject ?? "-", text].map(visible),
  );
  return table(["received", "host", "kind", "about", "what"], cells);
}
