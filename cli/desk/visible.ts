// What a container or a host said is data: nothing of it reaches a terminal as anything else.
import { writtenOut } from "../../control-plane/contract/words.ts";
import { print } from "../output.ts";

/**
 * Controls (with the escape that ANSI begins with), marks that turn the direction of writing or have no
 * width or nothing to see, separators of lines, halves of a letter, and letters that everybody may
 * define.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** The text in one line, with everything written out that could not be seen, e.g. "\u001b". */
export function visible(text: string): string {
  return text.replace(UNSEEN, writtenOut);
}

/** Prints one JSON value in which the same is written out; it reads as what it was. */
export function printVisibleJson(value: unknown): void {
  // Between the values there are line ends of its own; those in a text are written out already.
  print(
    JSON.stringify(value, undefined, 2).replace(UNSEEN, (letter) =>
      letter === "\n" ? letter : writtenOut(letter),
    ),
  );
}
