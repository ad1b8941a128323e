import type { Bytes, Duration } from "../../model/units.ts";

const SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/**
 * A duration of the Compose Specification ("1m30s", "500ms") in whole seconds, at least one, as the
 * model writes it; undefined when it is none.
 */
export function durationOf(text: string): Duration | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return undefined;
  const total = parts.reduce(
    (sum, [, amount = "", unit = ""]) => sum + Number(amount) * (SECONDS[unit] ?? 0),
    0,
  );
  const seconds = Math.max(1, Math.ceil(total));
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  // As people write it: 90s, but 5m.
  return seconds % 60 === 0 && seconds > 120 ? `${seconds / 60}m` : `${seconds}s`;
}

const MEBIBYTES: Readonly<Record<string, number>> = {
  b: 1 / 1024 / 1024,
  k: 1 / 1024,
  m: 1,
  g: 1024,
  t: 1024 * 1024,
};

/** A size of the Compose Specification ("512m", "1.5gb", bytes) in whole MiB; undefined when it is none. */
export function sizeOf(text: string): Bytes | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)i?b?$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = (match[2] ?? "").toLowerCase();
  const size = Math.ceil(Number(match[1]) * (MEBIBYTES[unit === "" ? "b" : unit] ?? 0));
  return size > 0 && size % 1024 === 0 ? `${size / 1024}GiB` : `${size}MiB`;
}
