// What happened, one row for each line of the log, as the command `events` shows it.
import { logLineSchema } from "../contract/log-line.ts";
import { loggedEvent, type LoggedEvent } from "../contract/logged-event.ts";
import { readAs } from "../contract/read-as.ts";

/** Which of them are wanted. */
export interface EventFilter {
  readonly host?: string;
  readonly service?: string;
  /** Milliseconds since 1970; from then on. */
  readonly since?: number;
  /** The newest so many. */
  readonly limit: number;
}

/** The rows in lines of the log, and how many lines there are that cannot be read. */
export interface EventRows {
  /** Newest last. */
  readonly rows: readonly LoggedEvent[];
  readonly unreadable: number;
}

/** What happened, as far as it is wanted. */
export function events(lines: readonly string[], wanted: EventFilter): EventRows {
  // A line may be there twice, after a crash; it is one.
  const rows = new Map<number, LoggedEvent>();
  let unreadable = 0;
  for (const text of lines) {
    if (text === "") continue;
    const line = readAs(logLineSchema, text);
    if (line) rows.set(line.sequence, loggedEvent(line));
    else unreadable += 1;
  }
  const { host, service, since = 0, limit } = wanted;
  const found = [...rows.values()]
    .filter((row) => host === undefined || row.host === host)
    .filter((row) => service === undefined || row.subject === service)
    .filter((row) => Date.parse(row.at) >= since)
    .sort((a, b) => a.sequence - b.sequence);
  return { rows: found.slice(-limit), unreadable };
}
