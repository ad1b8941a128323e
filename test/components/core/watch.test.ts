import { existsSync, readFileSync, utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { watchScript } from "../../../components/core/watch.ts";
import { BOOT_JOIN, BOOT_PROGRAM, BOOT_UNIT } from "../../../model/boot.ts";
import { ScriptRoom } from "../../support/script.ts";

const PATHS = [BOOT_PROGRAM, BOOT_JOIN];
const STARTED = "Thu 2026-11-26 12:00:00 UTC";
const startedAt = Date.parse("2026-11-26T12:00:00Z") / 1000;

/** A host on which systemctl says the unit's state, and whether the mark was there at its restart. */
function host(
  state: string,
  written: number,
  restart = (_mark: string): string => "exit 0",
): ScriptRoom {
  const room = new ScriptRoom();
  const mark = room.path(BOOT_JOIN);
  room.file(BOOT_PROGRAM, "// the program");
  utimesSync(room.path(BOOT_PROGRAM), written, written);
  room.program("journalctl", "echo no plan");
  room.program("hostname", "echo nas");
  room.program(
    "systemctl",
    `case "$1" in
  is-active) echo ${state}; [ ${state} = active ] ;;
  show) case "$*" in *SubState*) echo start ;; *) echo '${STARTED}' ;; esac ;;
  restart) [ ! -e '${mark}' ] || touch '${room.path("/joined")}'; ${restart(mark)} ;;
esac`,
  );
  return room;
}

function watch(room: ScriptRoom) {
  const { exitCode, stderr } = room.run(watchScript("// the program"), PATHS);
  const calls = readFileSync(room.path("/calls/systemctl"), "utf8");
  return { exitCode, stderr, restarts: calls.split("\n").filter((call) => /^restart/.test(call)) };
}

describe("the end of a deployment", () => {
  it.each(["active", "activating"])("leaves a unit alone that is %s with its program", (state) => {
    expect(watch(host(state, startedAt))).toMatchObject({ exitCode: 0, restarts: [] });
  });

  it.each([
    ["does not run", "inactive", startedAt - 60],
    ["failed", "failed", startedAt - 60],
    ["runs an older program", "active", startedAt + 60],
  ])("starts a unit that %s, and has it take everything as it is", (_, state, written) => {
    const room = host(state, written);
    expect(watch(room)).toMatchObject({ exitCode: 0, restarts: [`restart ${BOOT_UNIT}`] });
    expect(existsSync(room.path("/joined"))).toBe(true);
    // Nobody else starts the unit so by mistake.
    expect(existsSync(room.path(BOOT_JOIN))).toBe(false);
  });

  it("fails with the unit's last words when that does not start, and leaves no mark", () => {
    const room = host("inactive", startedAt, () => "exit 1");
    const { exitCode, stderr } = watch(room);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${BOOT_UNIT} on nas did not start within 60 s`);
    expect(stderr).toContain("no plan\n");
    expect(existsSync(room.path(BOOT_JOIN))).toBe(false);
  });

  it("goes on without a unit whose program has begun and is still looking at everything", () => {
    const room = host("inactive", startedAt, (mark) => `rm '${mark}'; exit 124`);
    expect(watch(room)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("runs for another program only, which its script names", () => {
    expect(watchScript("a")).toBe(watchScript("a"));
    expect(watchScript("a")).not.toBe(watchScript("b"));
  });
});
