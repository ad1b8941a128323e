// What happened, one row for each line of the log, as the command `events` shows it.
import type { Happening } from "../contract/events.ts";
import { logLineSchema, type LogLine, type Note } from "../contract/log-line.ts";
import { readAs } from "../contract/read-as.ts";

/** One thing that happened. */
export interface EventRow {
  readonly sequence: number;
  /** When it was received, by the Observer's clock. */
  readonly at: string;
  /** Whom it is about; null for the Observer itself. */
  readonly host: string | null;
  /** Kind of what was said, e.g. "engine". */
  readonly kind: string;
  /** Service, gate or job; null when it is about the host. */
  readonly subject: string | null;
  readonly text: string;
}

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
  readonly rows: readonly EventRow[];
  readonly unreadable: number;
}

/** What happened, as far as it is wanted. */
export function events(lines: readonly string[], wanted: EventFilter): EventRows {
  // A line may be there twice, after a crash; it is one.
  const rows = new Map<number, EventRow>();
  let unreadable = 0;
  for (const text of lines) {
    if (text === "") continue;
    const line = readAs(logLineSchema, text);
    if (line) rows.set(line.sequence, rowOf(line));
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

function rowOf(line: LogLine): EventRow {
  const { sequence, at } = line;
  if (line.from === "observer") return { sequence, at, ...noted(line.note) };
  const { host, happening } = line;
  const { kind } = happening;
  return { sequence, at, host, kind, ...told(happening) };
}

function noted(note: Note): Pick<EventRow, "host" | "kind" | "subject" | "text"> {
  const { kind } = note;
  switch (kind) {
    case "began":
      return { host: null, kind, subject: null, text: `the Observer began (${note.build})` };
    case "declared": {
      const hosts = Object.keys(note.silentAfterSeconds).join(", ");
      return { host: null, kind, subject: null, text: `it listens to ${hosts}` };
    }
    case "silent":
      return { host: note.host, kind, subject: null, text: "nothing is heard of it any more" };
  }
}

type Said = Extract<LogLine, { from: "host" }>["happening"];

function told(said: Said): Pick<EventRow, "subject" | "text"> {
  switch (said.kind) {
    case "unread":
      return { subject: null, text: `something that this Observer cannot read (${said.of})` };
    case "hello":
      return { subject: null, text: `its program began (${said.build})` };
    case "alive":
      return { subject: null, text: "it is there" };
    case "look":
      return { subject: null, text: looked(said) };
    case "engine": {
      const code = said.exitCode === undefined ? "" : ` (exit code ${said.exitCode})`;
      return { subject: said.container, text: `${said.action}${code}` };
    }
    case "gate":
      return { subject: said.gate, text: said.open ? "open" : `closed: ${said.seen}` };
    case "held":
      return {
        subject: said.service,
        text: said.by === null ? "nothing holds it back" : `held back by ${said.by}`,
      };
    case "backup":
      return {
        subject: said.job,
        text: said.ageSeconds === null ? "no copy" : `its copy is ${said.ageSeconds} s old`,
      };
    case "gap":
      return { subject: null, text: `something may be missing: ${said.reason}` };
    case "deployment": {
      const more = [said.stage, said.commit?.slice(0, 12), said.outcome].filter(Boolean);
      return { subject: null, text: ["deployment", said.step, ...more].join(" ") };
    }
  }
}

function looked({ engine }: Extract<Happening, { kind: "look" }>): string {
  return engine.answers
    ? `a full look: ${engine.containers.length} containers`
    : `a full look: its engine does not answer: ${engine.reason}`;
}
