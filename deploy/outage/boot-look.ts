// What a host's boot orchestrator is doing, and how it is made to boot.
import { parseBootRecord, type BootRecord } from "../../model/boot-record.ts";
import { BOOT_JOIN, BOOT_UNIT } from "../../model/boot.ts";
import { BOOT_RECORD_FILE } from "../../model/paths.ts";

/** What one look at it saw. */
export interface BootLook {
  /**
   * Its unit. "begins": it, or the engine that it needs, is being started, or it boots; "works": the
   * boot is over, and it stays; "down": neither, and nothing is about to change that.
   */
  readonly unit: "begins" | "works" | "down";
  /** What it keeps; undefined when it left nothing readable. May be of an earlier boot. */
  readonly record: BootRecord | undefined;
}

/** A script that prints it. It changes nothing on the host. */
export const BOOT_LOOK = `systemctl show --property=ActiveState,SubState,Job ${BOOT_UNIT}
[ ! -s ${BOOT_RECORD_FILE} ] || { printf 'record '; tr -d '\\n' < ${BOOT_RECORD_FILE}; echo; }
`;

/**
 * A script that has the host boot: everything is started in order, and what runs and is well stays
 * as it is. The engine comes with it, also one that systemd had given up. Nobody waits.
 */
export const BOOT_SCRIPT = `systemctl reset-failed docker.service docker.socket ${BOOT_UNIT} 2>/dev/null || :
rm -f ${BOOT_JOIN}
systemctl --no-block restart ${BOOT_UNIT}
`;

/** Reads what the script printed. */
export function bootLookIn(output: string): BootLook {
  const facts = new Map<string, string>();
  let record: BootRecord | undefined;
  for (const line of output.split("\n")) {
    const [, json] = /^record (.*)$/.exec(line) ?? [];
    if (json !== undefined) record = parseBootRecord(json);
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) facts.set(name, value);
  }
  return { unit: unitOf(facts), record };
}

function unitOf(facts: ReadonlyMap<string, string>): BootLook["unit"] {
  // A unit has a number of a job, or 0, or none is said.
  if (Number(facts.get("Job") ?? 0) > 0) return "begins";
  const state = facts.get("ActiveState");
  if (state === "active") return "works";
  // It ended with an error; systemd tries again, and nothing says that it goes better then.
  if (facts.get("SubState") === "auto-restart") return "down";
  return state === "activating" || state === "deactivating" ? "begins" : "down";
}
