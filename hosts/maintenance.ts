// That somebody works on a host: says it there, takes it back, and reads it.
import { HostError } from "../model/errors.ts";
import { maintenanceIn, type Maintenance } from "../model/maintenance.ts";
import { MAINTENANCE } from "../model/paths.ts";
import { quote } from "../model/shell-text.ts";
import { runOnHost } from "./remote-shell.ts";

/** Time to read or write one small file. */
const SECONDS = 30;

/**
 * Says on a host that somebody works there.
 * @throws HostError HL-UNREACHABLE, HL-HOST-SLOW, or HL-MAINTENANCE when it could not be written
 */
export async function announceMaintenance(host: string, maintenance: Maintenance): Promise<void> {
  await run(host, announceScript(maintenance));
}

/**
 * Says that it is over; does nothing where there is none.
 * @throws HostError as announceMaintenance
 */
export async function endMaintenance(host: string): Promise<void> {
  await run(host, END_SCRIPT);
}

/**
 * The maintenance that a host is under.
 * @throws HostError as announceMaintenance
 */
export async function readMaintenance(host: string): Promise<Maintenance | undefined> {
  const text = (await run(host, LOOK_SCRIPT)).trim();
  return text === "" ? undefined : maintenanceIn(text, Date.now());
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

async function run(host: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runOnHost(host, script, SECONDS);
  if (exitCode === 0) return stdout;
  throw new HostError("HL-MAINTENANCE", host, `${MAINTENANCE}: ${stderr}`);
}
