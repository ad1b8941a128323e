/** How pauses grow. */
export interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * The pause after so many failures in a row: twice as long each time, and between half of that and
 * all of it, so that hosts that lost the same Observer do not all come back at once.
 * @param random from 0 to 1
 */
export function backoffMs(
  { firstMs, longestMs }: Pauses,
  failures: number,
  random: number,
): number {
  const whole = Math.min(firstMs * 2 ** Math.max(0, failures - 1), longestMs);
  return Math.round(whole * (0.5 + random / 2));
}
