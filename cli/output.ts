import type { z } from "zod";
import { UNSEEN, writtenOut } from "../control-plane/contract/visible.ts";

/** A value as it may be handed over: nobody writes to it, and a Date becomes its ISO 8601 text. */
type HandedOver<Value> = Value extends readonly (infer Each)[]
  ? readonly HandedOver<Each>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: HandedOver<Value[Key]> }
    : string extends Value
      ? Value | Date
      : Value;

/** What can be printed as what a schema describes. */
export type AnswerOf<Schema extends z.ZodType> = HandedOver<z.infer<Schema>>;

/** What a command answers: text that may be piped on. Ends with one newline. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/**
 * The same for programs: one JSON value, in which what could not be seen is written out. It reads as
 * what it was.
 * @param _schema the one that the command's JsonOption names; the value is held to it when it is compiled
 */
export function printJson<Schema extends z.ZodType>(
  _schema: Schema,
  value: AnswerOf<Schema>,
): void {
  // Between the values there are line ends of its own; those in a text are written out already.
  print(
    JSON.stringify(value, undefined, 2).replace(UNSEEN, (letter) =>
      letter === "\n" ? letter : writtenOut(letter),
    ),
  );
}

/** What a person should know meanwhile: progress and remarks, kept out of what is piped on. */
export function note(text: string): void {
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
}
