// How old things are, by the server's clock: that of whoever looks may be wrong.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the server's clock says now, in milliseconds since 1970. */
export interface Moment {
  /** What it said when it answered. */
  readonly said: number;
  /** What the browser's clock said when the answer came. */
  readonly came: number;
}

/** The server's clock, carried on by the browser's; a clock that was put back stands still. */
export function serverNow({ said, came }: Moment, browserNow: number): number {
  return said + Math.max(0, browserNow - came);
}

/** Age of something in seconds; what is to come is new. @param now milliseconds since 1970 */
export function ageOf(at: string, now: number): number {
  return Math.max(0, (now - Date.parse(at)) / 1000);
}

/** A span in its largest unit that still says something: "90 s", "3 h". */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 2 * MINUTE) return `${whole} s`;
  if (whole < 2 * HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < 2 * DAY) return `${Math.floor(whole / HOUR)} h`;
  return `${Math.floor(whole / DAY)} d`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});

/** The time of day of a moment, where the browser is: "14:02:11". */
export function clockText(at: string): string {
  return CLOCK.format(Date.parse(at));
}

const MOMENT = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** Day and time of a moment, where the browser is: "Nov 26, 14:02". */
export function momentText(at: string): string {
  return MOMENT.format(Date.parse(at));
}
