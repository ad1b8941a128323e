import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { waitScript, waitToken } from "../../../components/core/gate.ts";
import type { GateNeed } from "../../../model/gate-need.ts";
import {
  observationScript,
  parseObservation,
  type ObservedGate,
} from "../../../hosts/observation.ts";
import type { PlannedGate } from "../../../model/host-plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";

const DEVICE = "/dev/made-up";
const gate: PlannedGate = {
  name: "dri",
  remedy: "pass it through",
  limitSeconds: 1,
  condition: { kind: "device", path: DEVICE },
};

/** A host whose gate is open or closed. */
function hostWith(open: boolean): ScriptRoom {
  const room = new ScriptRoom();
  room.program("docker");
  if (open) room.file(DEVICE, "");
  return room;
}

const PATHS = ["/opt/homelab", DEVICE];
const wait = (room: ScriptRoom, need: GateNeed, token: string) =>
  room.run(waitScript(gate, need, token), PATHS);

function observed(room: ScriptRoom): ObservedGate | undefined {
  const { stdout } = room.run(observationScript([gate]), PATHS);
  return parseObservation(stdout).conditions["dri"];
}

const seen = (open: boolean, last?: boolean): ObservedGate => ({
  open,
  seen: "",
  last: last === undefined ? undefined : { token: "written-1", open: last },
});

describe("a gate", () => {
  it("is waited for again whenever it is not as the last deployment left it", () => {
    for (const need of ["hard", "soft"] as const) {
      expect(waitToken(gate, need, seen(true, true))).toBe("written-1");
      expect(waitToken(gate, need, seen(false, true))).not.toBe("written-1");
      expect(waitToken(gate, need, seen(true, false))).not.toBe("written-1");
    }
  });

  it("that a service cannot run without is waited for in every deployment that finds it closed", () => {
    expect(waitToken(gate, "hard", seen(false, false))).not.toBe("written-1");
    expect(waitToken(gate, "soft", seen(false, false))).toBe("written-1");
  });

  it("that is a mount is tried again also where a service can do without it", () => {
    const mount: PlannedGate = {
      ...gate,
      condition: { kind: "mount", path: "/mnt/nas/x", source: "nas:/srv/x", writable: true },
    };
    expect(waitToken(mount, "soft", seen(false, false))).not.toBe("written-1");
    expect(waitToken(mount, "soft", seen(true, true))).toBe("written-1");
    expect(waitToken(mount, "none", seen(false, false))).toBe("written-1");
  });

  it("that nobody asks for makes no difference once it was reported", () => {
    expect(waitToken(gate, "none", seen(false, true))).toBe("written-1");
    expect(waitToken(gate, "none", undefined)).toMatch(/^written-\d+$/);
  });
});

describe("the wait for a gate", () => {
  it("ends at once when it is open, and the host remembers", () => {
    const room = hostWith(true);
    expect(wait(room, "hard", "written-7")).toMatchObject({ exitCode: 0, stdout: "open" });
    expect(observed(room)).toEqual({
      open: true,
      seen: "",
      last: { token: "written-7", open: true },
    });
  });

  it("says what it saw when it stayed closed, and fails nothing by itself", () => {
    const room = hostWith(false);
    const hard = wait(room, "hard", "written-7");
    expect(hard).toMatchObject({
      exitCode: 0,
      stdout: `closed ${room.path(DEVICE)} does not exist`,
    });
    expect(hard.stderr).toBe("");
    expect(observed(room)?.last).toEqual({ token: "written-7", open: false });
  });

  it("complains itself where services go on without the gate", () => {
    const { stderr } = wait(hostWith(false), "soft", "written-7");
    expect(stderr).toMatch(
      /^gate dri on .* stayed closed for 1 s: .* does not exist\npass it through$/,
    );
  });

  it("lasts as long as it says, also when somebody sets the clock meanwhile", () => {
    const room = hostWith(false);
    room.program(
      "date",
      `[ -e ${room.path("/set")} ] && echo 9999999999 || echo 0; : >${room.path("/set")}`,
    );
    room.program("sleep", `: >${room.path(DEVICE)}`);
    const script = waitScript({ ...gate, limitSeconds: 30 }, "hard", "written-7");
    expect(room.run(script, PATHS).stdout).toBe("open");
  });

  it("tries a mount again meanwhile, because nobody else does after a NAS came back", () => {
    const mount: PlannedGate = {
      ...gate,
      // A busy machine has to be through with two looks by then.
      limitSeconds: 4,
      condition: { kind: "mount", path: "/mnt/nas/my-media", source: "nas:/m", writable: true },
    };
    const script = waitScript(mount, "hard", "written-7");
    expect(isValidShell(script)).toBe(true);
    const room = new ScriptRoom();
    for (const name of ["findmnt", "systemctl"]) room.program(name, "exit 1");
    room.program("sleep");
    expect(room.run(script, ["/opt/homelab"]).stdout).toMatch(/^closed nothing is mounted/);
    expect(readFileSync(room.path("/calls/systemctl"), "utf8")).toContain(
      "start mnt-nas-my\\x2dmedia.mount\n",
    );
  });
});

describe("the observation of a gate", () => {
  it("says how it is now and what was seen, whether or not it was ever waited for", () => {
    expect(observed(hostWith(true))).toEqual({ open: true, seen: "", last: undefined });
    const room = hostWith(false);
    expect(observed(room)).toEqual({
      open: false,
      seen: `${room.path(DEVICE)} does not exist`,
      last: undefined,
    });
  });

  it("does not depend on the record of the last wait, which a power cut may have left empty", () => {
    const room = hostWith(false);
    room.file("/opt/homelab/state/conditions/dri", "");
    expect(observed(room)).toMatchObject({ open: false, last: undefined });
  });

  it("does not hide that the engine is away", () => {
    const room = hostWith(true);
    room.program("docker", "exit 1");
    expect(room.run(observationScript([gate]), PATHS).exitCode).toBe(1);
  });
});
