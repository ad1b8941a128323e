import { visible } from "../../contract/visible.ts";

/** Longest text of somebody else that is shown in one place, in characters. */
const LONGEST = 300;

/** What a container or a host said, as it is shown: nothing unseen in it, and not endless. */
export function plain(text: string): string {
  // A megabyte is not looked through for the sake of what is shown.
  const seen = visible(text.slice(0, LONGEST + 1));
  const letters = [...seen];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : seen;
}
