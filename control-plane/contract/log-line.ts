// What stands in a line of events/YYYY-MM-DD/*.jsonl, beside its checksum.
import * as z from "zod";
import { happening } from "./events.ts";
import { hostName, line, randomId, time } from "./words.ts";

const base = {
  version: z.literal(1),
  /** Counts all lines of the log from 1; their order. */
  sequence: z.number().int().positive(),
  /** When it was received, by the Observer's clock. */
  at: time,
};

/** What the Observer itself has to say. */
const note = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("began"), build: line }),
  /** Which hosts there are, and after how many seconds of silence each is unreachable. */
  z.object({
    kind: z.literal("declared"),
    silentAfterSeconds: z.record(hostName, z.number().positive()),
  }),
  /** Nothing was heard of the host for as long as was declared. */
  z.object({ kind: z.literal("silent"), host: hostName }),
]);

/** What the Observer itself has to say. */
export type Note = z.infer<typeof note>;

/** In place of what a host said and this Observer cannot read. */
const unread = z.object({
  kind: z.literal("unread"),
  /** What kind it should have been. A kind that only a later version knows tells this one nothing. */
  of: line,
});

/** Schema of a line. */
export const logLineSchema = z.union([
  z.object({
    ...base,
    from: z.literal("host"),
    host: hostName,
    stream: randomId,
    number: z.number().int().positive(),
    /** By the host's clock. */
    time,
    happening: z.union([happening, unread]),
  }),
  z.object({ ...base, from: z.literal("observer"), note }),
]);

/** A line of the log. */
export type LogLine = z.infer<typeof logLineSchema>;
/** A line that came from a host. */
export type HostLine = Extract<LogLine, { from: "host" }>;
