import { describe, expect, it } from "vitest";
import { announceScript, END_SCRIPT, LOOK_SCRIPT } from "../../hosts/maintenance.ts";
import { maintenanceIn } from "../../model/maintenance.ts";
import { isValidShell } from "../support/shell.ts";

describe("maintenance of a host", () => {
  it("writes what the orchestrator reads, whatever the reason's words are", () => {
    const said = { until: "2026-11-26T12:00:00.000Z", reason: 'it\'s a $(new) "disk"', by: "ana" };
    const script = announceScript(said);
    const printed = script.split("\n").find((line) => line.startsWith("printf")) ?? "";
    const quoted = /'\{.*\}'/.exec(printed)?.[0] ?? "";
    const text = quoted.slice(1, -1).replaceAll(`'\\''`, "'");
    expect(maintenanceIn(text, Date.parse("2026-11-26T11:59:59Z"))).toEqual(said);
    expect(maintenanceIn(text, Date.parse("2026-11-26T12:00:00Z"))).toBeUndefined();
  });

  it("runs scripts that a POSIX shell can read", () => {
    for (const script of [announceScript({ reason: "x", by: "y" }), END_SCRIPT, LOOK_SCRIPT]) {
      expect(isValidShell(script)).toBe(true);
    }
  });
});
