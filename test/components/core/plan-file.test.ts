import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { observationScript, parseObservation } from "../../../hosts/observation.ts";
import { planScript } from "../../../components/core/plan-file.ts";
import { hostPlan, parsePlan } from "../../../model/host-plan.ts";
import { desiredPlan, PLAN_RECORD } from "../../../model/paths.ts";
import { hostNamed } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";

const { commit: _commit, ...plan } = hostPlan(hostNamed("vps"), { version: 1, images: {} }, "");
const PATH = desiredPlan("vps");
const MOVED = ["/opt/homelab"];

function deployed(): ScriptRoom {
  const room = new ScriptRoom();
  room.program("docker");
  const { exitCode, stderr } = room.run(`commit=abc\n${planScript(plan, "written-7")}`, MOVED);
  expect(exitCode, stderr).toBe(0);
  return room;
}

function token(room: ScriptRoom): string | undefined {
  return parseObservation(room.run(observationScript([]), MOVED).stdout).files[PLAN_RECORD];
}

describe("the host plan on its host", () => {
  it("is what was declared, with the commit of the moment, and is known again", () => {
    const room = deployed();
    const read = parsePlan(readFileSync(room.path(PATH), "utf8"), PATH).plan;
    expect(read).toEqual({ ...plan, commit: "abc" });
    expect(token(room)).toBe("written-7");
  });

  it("is written again when somebody changed or removed it", () => {
    const changed = deployed();
    changed.file(PATH, readFileSync(changed.path(PATH), "utf8").replace("vps", "nas"));
    expect(token(changed)).toBeUndefined();
    const removed = deployed();
    rmSync(removed.path(PATH));
    expect(token(removed)).toBeUndefined();
  });
});
