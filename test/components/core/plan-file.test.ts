import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  EMPTY_OBSERVATION,
  observationScript,
  parseObservation,
} from "../../../hosts/observation.ts";
import { planScript } from "../../../components/core/plan-file.ts";
import { unfinishedContainers } from "../../../components/core/unfinished.ts";
import { hostPlan, parsePlan } from "../../../model/host-plan.ts";
import { desiredPlan, gateRecord, PLAN_RECORD } from "../../../model/paths.ts";
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

describe("containers that a deployment made which did not end", () => {
  it("are removed before the plan is written, and those that went to their gate are not", () => {
    const room = new ScriptRoom();
    room.program(
      "docker",
      `[ "$1" != ps ] || printf '%s\\n' 'headscale known' 'caddy new' 'ntfy never'`,
    );
    room.file(gateRecord("headscale"), "known\n");
    room.file(gateRecord("caddy"), "old\n");
    const { exitCode, stderr } = room.run(`commit=abc\n${planScript(plan, "written-7")}`, MOVED);
    expect(exitCode, stderr).toBe(0);
    const calls = readFileSync(room.path("/calls/docker"), "utf8").trim().split("\n").slice(1);
    expect(calls).toEqual(["stop new", "rm --force new", "stop never", "rm --force never"]);
    expect(token(room)).toBe("written-7");
  });

  it("are told by their labels, and by an id that no gate has seen", () => {
    const made = { id: "new", labelled: true, spec: "x" };
    const containers = {
      ...{ caddy: made, headscale: { ...made, id: "known" }, ntfy: made },
      stranger: { ...made, labelled: false },
    };
    const gated = { caddy: "old", headscale: "known" };
    const observation = { ...EMPTY_OBSERVATION, containers, gated };
    expect(unfinishedContainers(observation)).toEqual(["caddy", "ntfy"]);
  });
});
