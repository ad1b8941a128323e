// What a line of the log says, as a person reads it: one row for each.
import * as z from "zod";
import type { Happening } from "./events.ts";
import type { LogLine, Note } from "./log-line.ts";
import { hostName, line, time } from "./words.ts";

/** Schema of a row. */
export const loggedEventSchema = z.strictObject({
  sequence: z.number().int().positive().describe("Of its line in the log."),
  at: time.describe("When it was received, by the Observer's clock."),
  host: hostName.nullable().describe("Whom it is about; null for the Observer itself."),
  kind: line.describe('Kind of what was said, e.g. "engine".'),
  subject: line.nullable().describe("Service, gate or job; null when it is about the host."),
  text: z.string().describe("What it said, as a person reads it."),
});

/** One thing that happened. */
export type LoggedEvent = z.infer<typeof loggedEventSchema>;

/** The row of a line. */
export function loggedEvent(line: LogLine): LoggedEvent {
  const { sequence, at } = line;
  if (line.from === "observer") return { sequence, at, ...noted(line.note) };
  const { host, happening } = line;
  const { kind } = happening;
  return { sequence, at, host, kind, ...told(happening) };
}

function noted(note: Note): Pick<LoggedEvent, "host" | "kind" | "subject" | "text"> {
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

function told(said: Said): Pick<LoggedEvent, "subject" | "text"> {
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
    case "backup": {
      const age = said.ageSeconds === null ? "no copy" : `its copy is ${said.ageSeconds} s old`;
      const failed = said.failed === undefined ? "" : `; its last run failed: ${said.failed}`;
      return { subject: said.job, text: `${age}${failed}` };
    }
    case "gap":
      return { subject: null, text: `something may be missing: ${said.reason}` };
    case "boot": {
      const bad = said.services.filter(({ outcome }) => outcome === "failed" || outcome === "held");
      const all = `${said.services.length} services in ${Math.round(said.seconds)} s`;
      return { subject: null, text: `its boot of ${said.began}: ${all}, ${bad.length} not up` };
    }
    case "receipt": {
      const what = said.commit?.slice(0, 12) ?? said.plan ?? "something";
      return { subject: null, text: `its deployment of ${said.began}: ${what}, by ${said.by}` };
    }
    case "deployment": {
      const { service, step } = said;
      const more = [said.stage, said.is, said.commit?.slice(0, 12), said.outcome].filter(Boolean);
      return { subject: service ?? null, text: ["deployment", step, ...more].join(" ") };
    }
  }
}

function looked({ engine }: Extract<Happening, { kind: "look" }>): string {
  return engine.answers
    ? `a full look: ${engine.containers.length} containers`
    : `a full look: its engine does not answer: ${engine.reason}`;
}
