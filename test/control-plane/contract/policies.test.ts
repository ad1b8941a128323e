import { describe, expect, it } from "vitest";
import { bindingHash, type Action } from "../../../control-plane/contract/actions.ts";
import {
  decideByPolicy,
  NO_POLICIES,
  parsePolicies,
  policiesSchema,
} from "../../../control-plane/contract/policies.ts";
import { BINDING } from "../binding.ts";

const ACTION = {
  binding: BINDING,
  hash: bindingHash(BINDING),
  state: "pending",
  risk: "low",
  expires: "2026-11-26T12:00:00.000Z",
} as unknown as Action;
const NIGHT = {
  name: "night",
  on: true,
  verbs: ["restart"],
  hosts: ["nas"],
  risks: ["low"],
  hours: { from: "22:00", until: "06:00" },
  atMost: { times: 2, hours: 24 },
};
const at = (time: string): number => Date.parse(`2026-11-26T${time}:00.000Z`);
const policies = (change = {}, timezone = "UTC") =>
  policiesSchema.parse({ version: 1, timezone, policies: [{ ...NIGHT, ...change }] });

describe("a policy", () => {
  it("lets go what it is about, in its hours, also over midnight", () => {
    for (const time of ["22:00", "23:59", "00:00", "05:59"]) {
      const long = { ...ACTION, expires: "2026-11-27T12:00:00.000Z" };
      expect(decideByPolicy(policies(), long, [], at(time))).toEqual({ go: true, policy: "night" });
    }
    for (const time of ["06:00", "11:00"]) {
      expect(decideByPolicy(policies(), ACTION, [], at(time)).go).toBe(false);
    }
  });

  it("is off unless it says that it is on (R25)", () => {
    const { on: _, ...silent } = NIGHT;
    const read = policiesSchema.parse({ version: 1, policies: [silent] });
    expect(decideByPolicy(read, ACTION, [], at("03:00"))).toEqual({
      go: false,
      because: ["night is off"],
    });
  });

  it.each([
    ["another verb", { verbs: ["start"] }, "night is not about restart"],
    ["another host", { hosts: ["vps"] }, "night is not about nas"],
    ["another risk", { risks: ["medium"] }, "night lets no low risk go"],
  ])("lets nothing go that is of %s", (_, change, because) => {
    const decision = decideByPolicy(policies(change), ACTION, [], at("03:00"));
    expect(decision).toEqual({ go: false, because: [because] });
  });

  it("lets go no more often than it says", () => {
    const gone = (times: readonly string[]) => times.map((time) => ({ policy: "night", at: time }));
    const twice = gone(["2026-11-26T01:00:00.000Z", "2026-11-26T02:00:00.000Z"]);
    expect(decideByPolicy(policies(), ACTION, twice, at("03:00")).go).toBe(false);
    const longAgo = gone(["2026-11-24T01:00:00.000Z", "2026-11-26T02:00:00.000Z"]);
    expect(decideByPolicy(policies(), ACTION, longAgo, at("03:00")).go).toBe(true);
  });

  it("has its hours in its own time zone", () => {
    const berlin = policies({ hours: { from: "03:00", until: "04:00" } }, "Europe/Berlin");
    expect(decideByPolicy(berlin, ACTION, [], at("02:30")).go).toBe(true);
    expect(decideByPolicy(berlin, ACTION, [], at("03:30")).go).toBe(false);
  });

  it("cannot let go what is of high risk, nor what is decided or expired", () => {
    expect(() => policies({ risks: ["high"] })).toThrow();
    const high = { ...ACTION, risk: "high" } as Action;
    expect(decideByPolicy(policies({ risks: ["low", "medium"] }), high, [], at("03:00")).go).toBe(
      false,
    );
    const decided = { ...ACTION, state: "rejected" } as Action;
    expect(decideByPolicy(policies(), decided, [], at("03:00")).go).toBe(false);
    expect(decideByPolicy(policies(), ACTION, [], at("23:00")).go).toBe(false);
  });
});

describe("a household without policies", () => {
  it.each(["", "{", "[]", '{"version":2,"policies":[]}', '{"version":1,"policies":[{"on":true}]}'])(
    "lets nothing go, also by a file that reads %j",
    (text) => {
      expect(parsePolicies(text)).toEqual(NO_POLICIES);
      expect(decideByPolicy(parsePolicies(text), ACTION, [], at("03:00"))).toEqual({
        go: false,
        because: ["there is no policy"],
      });
    },
  );
});
