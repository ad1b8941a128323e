import { UserError } from "../../model/errors.ts";

const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

/**
 * Seconds in "30m", "2h" or "1d".
 * @throws UserError HL-USAGE for anything else
 */
export function secondsOf(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return Number(count) * SECONDS[unit as keyof typeof SECONDS];
  }
  throw new UserError("HL-USAGE", `"${text}" is no time; say it as 30m, 2h or 1d`);
}
