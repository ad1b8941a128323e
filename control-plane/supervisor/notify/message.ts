// What is told to a person, before it is known whom: plain text, and short.
import { createHash } from "node:crypto";
import * as z from "zod";
import { asLine, line, randomId, time } from "../../contract/words.ts";

/** How loud a message is. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
/** One of them. */
export type Severity = (typeof SEVERITIES)[number];

/** Most bytes of a title. */
export const LONGEST_TITLE_BYTES = 200;

/**
 * Most bytes of a text. ntfy takes 4096 (https://docs.ntfy.sh/publish/#limitations), and twice that
 * for the JSON around it, in which each quote takes two.
 */
export const LONGEST_TEXT_BYTES = 3500;

/** Schema of a message. Nothing in it is markup, a link to be followed, or a command to be run. */
export const messageSchema = z.strictObject({
  version: z.literal(1),
  /** The same for the same news, so that a crash in between makes it once. */
  id: randomId,
  at: time,
  kind: z.enum(["began", "ended", "digest"]),
  severity: z.enum(SEVERITIES),
  /** Cause of the incident; null for a digest. */
  cause: line.nullable(),
  title: z.string(),
  /** Lines that are separated by line feeds. */
  text: z.string(),
});

/** Something to tell. */
export type Message = z.infer<typeof messageSchema>;

/** What a message is made of. */
export interface Draft extends Pick<Message, "kind" | "severity" | "cause" | "title"> {
  /** What names the news, e.g. an incident and when it was first seen. */
  readonly of: string;
  readonly lines: readonly string[];
}

/** A message in which what a host or a container said can do nothing but be read. */
export function messageOf({ of, lines, title, ...rest }: Draft, now: number): Message {
  const id = createHash("sha256").update(`${rest.kind} ${of}`).digest("hex").slice(0, 32);
  return {
    version: 1,
    id,
    at: new Date(now).toISOString(),
    ...rest,
    title: cut(asLine(title), LONGEST_TITLE_BYTES),
    text: cut(lines.map(asLine).join("\n"), LONGEST_TEXT_BYTES),
  };
}

/** A text of so many bytes at most; never half a letter. */
export function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const end = "…";
  let kept = "";
  let left = bytes - Buffer.byteLength(end);
  for (const letter of text) {
    left -= Buffer.byteLength(letter);
    if (left < 0) break;
    kept += letter;
  }
  return `${kept}${end}`;
}
