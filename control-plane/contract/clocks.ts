/** So much may the clocks of two computers differ, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 60_000;
