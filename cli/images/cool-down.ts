import { secondsOf } from "../maintenance/time.ts";

/** How old a version has to be, so that others have met its faults first. */
export const COOL_DOWN = "7d";

/**
 * Seconds of a cool-down; "0" is none.
 * @throws UserError HL-USAGE for what is no time
 */
export function coolDownSeconds(text: string): number {
  return text === "0" ? 0 : secondsOf(text);
}
