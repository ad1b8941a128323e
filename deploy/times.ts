const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "2026-01-02T03:04:05Z"; null for no time. */
export function isoTime(seconds: number | undefined): string | null {
  return seconds === undefined
    ? null
    : new Date(Math.floor(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

/** A span of time in its largest unit, rounded down: "12 s", "5 min", "3 h", "2 d". */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 2 * MINUTE) return `${whole} s`;
  if (whole < 2 * HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < 2 * DAY) return `${Math.floor(whole / HOUR)} h`;
  return `${Math.floor(whole / DAY)} d`;
}
