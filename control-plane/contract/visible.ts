// What a container or a host said is data: nothing of it reaches a terminal or a page as anything
// else. No schemas here, so that a browser can have it too.

/**
 * Controls (with the escape that ANSI begins with), marks that turn the direction of writing or have no
 * width or nothing to see, separators of lines, halves of a letter, and letters that everybody may
 * define.
 */
export const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** The text in one line, with everything written out that could not be seen, e.g. "\u001b". */
export function visible(text: string): string {
  return text.replace(UNSEEN, writtenOut);
}

/** A letter as JSON and JavaScript write it out, e.g. "\u001b"; one beyond the first plane is two. */
export function writtenOut(letter: string): string {
  return Array.from({ length: letter.length }, (_, at) => {
    return `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}
