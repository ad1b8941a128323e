// The log of a run: lines for a person, and the same for a program behind "[STRUCT] ".
import { z } from "zod";
import { STAGES } from "./stage.ts";

const base = {
  version: z.literal(1),
  time: z.string().describe("ISO 8601, by the clock of the computer that deploys."),
  run: z.string().describe("Id of the run."),
  host: z.string(),
};

const stage = z.enum([...STAGES, "diagnose"]);

/** Schema of the JSON behind "[STRUCT] ". */
export const logEventSchema = z.discriminatedUnion("event", [
  z.strictObject({
    ...base,
    event: z.literal("run-began"),
    commit: z.string(),
    planDigest: z.string(),
    only: z.string().nullable(),
    resumed: z.boolean(),
    by: z.string().describe("user@computer."),
  }),
  z.strictObject({ ...base, event: z.literal("stage-began"), stage }),
  /** It was completed by the run that this one resumes. */
  z.strictObject({ ...base, event: z.literal("stage-skipped"), stage }),
  z.strictObject({ ...base, event: z.literal("stage-ended"), stage, seconds: z.number() }),
  z.strictObject({
    ...base,
    event: z.literal("stage-failed"),
    stage,
    seconds: z.number(),
    code: z
      .string()
      .nullable()
      .describe("From docs/reference/errors.md; null for a mistake in the program."),
    message: z.string(),
  }),
  z.strictObject({ ...base, event: z.literal("note"), stage, message: z.string() }),
  z.strictObject({ ...base, event: z.literal("service-began"), stage, service: z.string() }),
  z.strictObject({
    ...base,
    event: z.literal("service-ready"),
    stage,
    service: z.string(),
    changed: z.boolean().describe("Whether its container or its gate was made anew."),
    seconds: z.number().describe("Since the stage began."),
  }),
  z.strictObject({ ...base, event: z.literal("service-failed"), stage, service: z.string() }),
  z.strictObject({
    ...base,
    event: z.literal("run-ended"),
    outcome: z.enum(["done", "failed"]),
    seconds: z.number(),
  }),
]);

/** One line of the log. */
export type LogEvent = z.infer<typeof logEventSchema>;

type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
/** What happened, without what is the same in all lines of a run. */
export type Happening = Without<LogEvent, keyof typeof base>;

/** What stands before an event's JSON. */
const STRUCT = "[STRUCT] ";

/** An event as it stands in the log: a line for a person, and one for a program. */
export function logLines(event: LogEvent): string {
  // What is quoted can have lines; the one for programs is one.
  return `${event.time} ${sentenceOf(event)}\n${STRUCT}${JSON.stringify(event)}\n`;
}

/** The events of a log. */
export function eventsIn(log: string): LogEvent[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith(STRUCT))
    .map((line) => logEventSchema.parse(JSON.parse(line.slice(STRUCT.length))));
}

/** An event in words. */
export function sentenceOf(event: Happening): string {
  switch (event.event) {
    case "run-began":
      return `${event.resumed ? "resumed" : "began"} by ${event.by} at commit ${event.commit}, plan ${event.planDigest}${event.only === null ? "" : `, ${event.only} only`}`;
    case "stage-began":
      return `${event.stage}`;
    case "stage-skipped":
      return `${event.stage}: complete already`;
    case "stage-ended":
      return `${event.stage}: complete (${event.seconds.toFixed(1)} s)`;
    case "stage-failed":
      return `${event.stage}: FAILED${event.code === null ? "" : ` (${event.code})`}: ${event.message}`;
    case "note":
      return `${event.stage}: ${event.message}`;
    case "service-began":
      return `${event.stage}: ${event.service} is made anew`;
    case "service-ready":
      return `${event.stage}: ${event.service} is healthy${event.changed ? ` (${event.seconds.toFixed(1)} s)` : ", unchanged"}`;
    case "service-failed":
      return `${event.stage}: ${event.service} FAILED`;
    case "run-ended":
      return `${event.outcome} after ${event.seconds.toFixed(1)} s`;
  }
}
