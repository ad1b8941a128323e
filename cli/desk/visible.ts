import { UNSEEN, writtenOut } from "../../control-plane/contract/visible.ts";
import { print } from "../output.ts";

/** Prints one JSON value in which what could not be seen is written out; it reads as what it was. */
export function printVisibleJson(value: unknown): void {
  // Between the values there are line ends of its own; those in a text are written out already.
  print(
    JSON.stringify(value, undefined, 2).replace(UNSEEN, (letter) =>
      letter === "\n" ? letter : writtenOut(letter),
    ),
  );
}
