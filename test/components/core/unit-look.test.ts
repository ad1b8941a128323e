import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { takeUnits, unitLook } from "../../../components/core/unit-look.ts";
import { ScriptRoom } from "../../support/script.ts";

const UNITS = ["one.service", "mnt-my\\x2dnas.mount"];

/** What systemd says of both units when they are as they were written. */
const WELL = UNITS.map(
  (unit) =>
    `UnitFileState=enabled\nFragmentPath=/etc/systemd/system/${unit}\nDropInPaths=\nNeedDaemonReload=no\n`,
).join("\n");

function look(said: string): number | undefined {
  const room = new ScriptRoom();
  room.file("/said", said);
  room.program("systemctl", `cat '${room.path("/said")}'`);
  return room.run(unitLook("record", UNITS).content, []).exitCode;
}

describe("the look at units", () => {
  it("passes while both are enabled and systemd goes by what was written", () => {
    expect(look(WELL)).toBe(0);
  });

  it.each([
    ["is disabled", "UnitFileState=enabled", "UnitFileState=disabled"],
    ["is masked", "UnitFileState=enabled", "UnitFileState=masked-runtime"],
    ["comes from elsewhere", "FragmentPath=/etc", "FragmentPath=/usr/lib"],
    ["was not read again", "NeedDaemonReload=no", "NeedDaemonReload=yes"],
    [
      "has another file beside it",
      "DropInPaths=",
      "DropInPaths=/etc/systemd/system/one.service.d/override.conf",
    ],
  ])("fails when one %s", (_, before, after) => {
    expect(look(WELL.replace(before, after))).toBe(1);
  });

  it("leaves alone what a system puts beside all units", () => {
    const all = "DropInPaths=/run/systemd/system/service.d/lxc.conf";
    expect(look(WELL.replace("DropInPaths=", all))).toBe(0);
  });

  it("fails where systemd does not answer", () => {
    const room = new ScriptRoom();
    room.program("systemctl", "exit 1");
    expect(room.run(unitLook("record", UNITS).content, []).exitCode).toBe(1);
  });
});

describe("taking units", () => {
  it("removes what somebody put beside them, before systemd reads them again and enables them", () => {
    const room = new ScriptRoom();
    room.program("systemctl");
    expect(room.run(takeUnits(UNITS), []).exitCode).toBe(0);
    expect(readFileSync(room.path("/calls/systemctl"), "utf8").split("\n")).toEqual([
      "--quiet revert one.service mnt-my\\x2dnas.mount",
      "daemon-reload",
      "--quiet enable one.service mnt-my\\x2dnas.mount",
      "",
    ]);
  });
});
