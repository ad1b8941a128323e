/** A span of time: whole seconds, minutes or hours, e.g. "90s", "5m", "1h". */
export type Duration = `${number}s` | `${number}m` | `${number}h`;

/** An amount of memory or disk, e.g. "256MiB", "1GiB". */
export type Bytes = `${number}MiB` | `${number}GiB`;

const SECONDS_PER = { s: 1, m: 60, h: 3600 } as const;
const MIB_PER = { MiB: 1, GiB: 1024 } as const;

/** Whether the text is a duration as this program writes them. */
export function isDuration(text: string): text is Duration {
  return /^\d+[smh]$/.test(text);
}

/** Whether the text is an amount of memory as this program writes them. */
export function isBytes(text: string): text is Bytes {
  return /^\d+(MiB|GiB)$/.test(text);
}

/** The duration in seconds. */
export function toSeconds(duration: Duration): number {
  const unit = duration.slice(-1) as keyof typeof SECONDS_PER;
  return Number(duration.slice(0, -1)) * SECONDS_PER[unit];
}

/** The amount in MiB, the unit of the Docker provider's memory arguments. */
export function toMebibytes(bytes: Bytes): number {
  const unit = bytes.slice(-3) as keyof typeof MIB_PER;
  return Number(bytes.slice(0, -3)) * MIB_PER[unit];
}

/**
 * The duration as Go prints it ("1m30s"). The Docker provider reads health check times back in
 * this form, so any other spelling ("90s") would show as a change in every preview.
 */
export function goDuration(duration: Duration): string {
  const total = toSeconds(duration);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  if (minutes > 0) return `${minutes}m${seconds}s`;
  return `${seconds}s`;
}

/**
 * A CPU share as the engine reads it back: always with a decimal point and without trailing
 * zeros ("1.0", "0.25"). Other spellings replace the container in every preview.
 */
export function cpuText(cpus: number): string {
  return Number.isInteger(cpus) ? cpus.toFixed(1) : String(cpus);
}
