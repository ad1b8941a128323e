import { spawnSync } from "node:child_process";

/** Whether a POSIX shell can read the script. */
export function isValidShell(script: string): boolean {
  return spawnSync("sh", ["-n"], { input: script }).status === 0;
}
