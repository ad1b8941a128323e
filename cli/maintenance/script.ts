import { UserError } from "../../model/errors.ts";
import type { Maintenance } from "../../model/maintenance.ts";
import { MAINTENANCE } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";

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

/** Writes a host's maintenance file, whole or not at all. */
export function announceScript(maintenance: Maintenance): string {
  return `set -eu
umask 022
mkdir -p ${quote(MAINTENANCE.replace(/\/[^/]*$/, ""))}
printf '%s\\n' ${quote(JSON.stringify(maintenance))} > ${quote(`${MAINTENANCE}.new`)}
mv ${quote(`${MAINTENANCE}.new`)} ${quote(MAINTENANCE)}
`;
}

/** Removes it. */
export const END_SCRIPT = `rm -f ${quote(MAINTENANCE)}\n`;

/** Prints it, where there is one. */
export const LOOK_SCRIPT = `[ ! -f ${quote(MAINTENANCE)} ] || cat ${quote(MAINTENANCE)}\n`;
