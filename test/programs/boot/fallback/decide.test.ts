import { describe, expect, it } from "vitest";
import { QUIET_SECONDS, type Armed } from "../../../../model/fallback.ts";
import {
  decide,
  type Decision,
  type Seen,
  type Sight,
} from "../../../../programs/boot/fallback/decide.ts";

const SERVICE = { name: "mesh", refused: null, deadlineSeconds: 60 };
const ARMED: Armed = {
  version: 1,
  run: "run-1",
  since: "2026-11-27T12:00:00.000Z",
  quietSeconds: QUIET_SECONDS,
  services: [SERVICE],
};

/** What is decided of one service, long after anybody was at work. */
function decided(sight: Sight, isKept = false, more: Partial<Parameters<typeof decide>[0]> = {}) {
  const seen = new Map<string, Seen>([["mesh", { sight, isKept }]]);
  const long = QUIET_SECONDS + 1;
  return decide({ armed: ARMED, quietSeconds: long, maintained: false, seen, ...more });
}

const BACK: Decision = { kind: "act", back: [SERVICE], left: [] };

describe("what the host does by itself about a way to it", () => {
  it.each<[Sight, boolean, Decision]>([
    ["well", false, { kind: "disarm" }],
    ["well", true, { kind: "disarm" }],
    ["undecided", false, { kind: "wait" }],
    ["unhealthy", false, BACK],
    // The same container once more would be as bad.
    ["unhealthy", true, { kind: "disarm" }],
    ["crashing", false, BACK],
    ["crashing", true, { kind: "disarm" }],
    ["stopped", false, BACK],
    // A deployment that was killed had stopped it, and removed it not yet.
    ["stopped", true, BACK],
    ["missing", false, BACK],
  ])("of one that is %s (the one that was kept: %s) is %o", (sight, isKept, decision) => {
    expect(decided(sight, isKept)).toEqual(decision);
  });

  it("is nothing where no deployment waits to be confirmed", () => {
    expect(decided("missing", false, { armed: undefined })).toEqual({ kind: "nothing" });
  });

  it("is to wait to the last second in which somebody may be at work", () => {
    expect(decided("missing", false, { quietSeconds: QUIET_SECONDS - 1 })).toEqual({
      kind: "wait",
    });
    expect(decided("missing", false, { quietSeconds: QUIET_SECONDS })).toEqual(BACK);
  });

  it("is to wait while a person works on the host", () => {
    expect(decided("missing", false, { maintained: true })).toEqual({ kind: "wait" });
  });

  it("is to leave one alone whose data the older one may not open, and to say so", () => {
    const refused = { ...SERVICE, refused: "its data went forward" };
    const armed = { ...ARMED, services: [refused] };
    expect(decided("unhealthy", false, { armed })).toEqual({
      kind: "act",
      back: [],
      left: [refused],
    });
    expect(decided("well", false, { armed })).toEqual({ kind: "disarm" });
  });

  it("is to wait for all while one is undecided, and then to act on those alone that are broken", () => {
    const names = { ...SERVICE, name: "names" };
    const armed = { ...ARMED, services: [SERVICE, names] };
    const look = (sight: Sight) =>
      decided("missing", false, {
        armed,
        seen: new Map([
          ["mesh", { sight: "missing", isKept: false }],
          ["names", { sight, isKept: false }],
        ]),
      });
    expect(look("undecided")).toEqual({ kind: "wait" });
    expect(look("well")).toEqual(BACK);
  });
});
