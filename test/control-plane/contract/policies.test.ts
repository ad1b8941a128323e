import { describe, expect, it } from "vitest";
import { bindingHash, type Action } from "../../../control-plane/contract/actions.ts";
import { decideOnAction, policiesSchema } from "../../../control-plane/contract/policies.ts";
import {
  parsePoliciesText,
  policiesText,
} from "../../../control-plane/contract/signed-policies.ts";
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
      expect(decideOnAction(policies(), long, [], at(time))).toEqual({ go: true, policy: "night" });
    }
    for (const time of ["06:00", "11:00"]) {
      expect(decideOnAction(policies(), ACTION, [], at(time)).go).toBe(false);
    }
  });

  it("is off unless it says that it is on (R25)", () => {
    const { on: _, ...silent } = NIGHT;
    const read = policiesSchema.parse({ version: 1, policies: [silent] });
    expect(decideOnAction(read, ACTION, [], at("03:00"))).toEqual({
      go: false,
      because: ["night is off"],
    });
  });

  it.each([
    ["another verb", { verbs: ["start"] }, "night is not about restart"],
    ["another host", { hosts: ["vps"] }, "night is not about nas"],
    ["another risk", { risks: ["medium"] }, "night lets no low risk go"],
  ])("lets nothing go that is of %s", (_, change, because) => {
    const decision = decideOnAction(policies(change), ACTION, [], at("03:00"));
    expect(decision).toEqual({ go: false, because: [because] });
  });

  it("lets go no more often than it says", () => {
    const gone = (times: readonly string[]) => times.map((time) => ({ policy: "night", at: time }));
    const twice = gone(["2026-11-26T01:00:00.000Z", "2026-11-26T02:00:00.000Z"]);
    expect(decideOnAction(policies(), ACTION, twice, at("03:00")).go).toBe(false);
    const longAgo = gone(["2026-11-24T01:00:00.000Z", "2026-11-26T02:00:00.000Z"]);
    expect(decideOnAction(policies(), ACTION, longAgo, at("03:00")).go).toBe(true);
  });

  it("has its hours in its own time zone", () => {
    const berlin = policies({ hours: { from: "03:00", until: "04:00" } }, "Europe/Berlin");
    expect(decideOnAction(berlin, ACTION, [], at("02:30")).go).toBe(true);
    expect(decideOnAction(berlin, ACTION, [], at("03:30")).go).toBe(false);
  });

  it("cannot let go what is of high risk, nor what is decided or expired", () => {
    expect(() => policies({ risks: ["high"] })).toThrow();
    const high = { ...ACTION, risk: "high" } as Action;
    expect(decideOnAction(policies({ risks: ["low", "medium"] }), high, [], at("03:00")).go).toBe(
      false,
    );
    const decided = { ...ACTION, state: "rejected" } as Action;
    expect(decideOnAction(policies(), decided, [], at("03:00")).go).toBe(false);
    expect(decideOnAction(policies(), ACTION, [], at("23:00")).go).toBe(false);
  });
});

describe("the text of policies that somebody signs", () => {
  const dated = {
    ...policies(),
    signed: "2026-11-26T12:00:00Z",
    until: "2027-02-24T12:00:00Z",
  };
  const text = policiesText(dated);

  it("is read as it was written", () => {
    expect(parsePoliciesText(text)).toEqual(dated);
  });

  it.each([
    ["another first line", text.replace("policies 1", "policies 2")],
    ["an order's first line", text.replace("homelab policies 1", "homelab order 1")],
    ["no end", text.trimEnd()],
    ["a line more", `${text}\n`],
    ["a field twice", text.replace('"on":true', '"on":false,"on":true')],
    ["fields in another order", `homelab policies 1\n${JSON.stringify(dated)}\n`],
    ["a verb that no policy may have", text.replace('"restart"', '"deploy-host"')],
    ["a risk that never goes", text.replace('"low"', '"high"')],
    ["a field of nobody", text.replace('"on":true', '"on":true,"run":"id"')],
    ["nothing in it", ""],
  ])("is none with %s", (_, other) => {
    expect(other).not.toBe(text);
    expect(parsePoliciesText(other)).toBeUndefined();
  });

  it("has each name once, for how often one went is counted by that", () => {
    expect(policiesSchema.safeParse({ ...policies(), policies: [NIGHT, NIGHT] }).success).toBe(
      false,
    );
  });
});
