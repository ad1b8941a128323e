import { describe, expect, it } from "vitest";
import {
  ACTION_STATES,
  bindingHash,
  canFollow,
  NEXT_STATES,
  parseAction,
  type Action,
  type Binding,
} from "../../../control-plane/contract/actions.ts";
import { asLine, line } from "../../../control-plane/contract/words.ts";
import { BINDING } from "../binding.ts";

const ACTION: Action = {
  version: 1,
  id: "2".repeat(32),
  binding: BINDING,
  hash: bindingHash(BINDING),
  reason: "jellyfin is unhealthy",
  evidence: [{ fact: "unhealthy", sequence: 7, at: "2026-11-26T10:00:00.000Z" }],
  rootCause: "nas/jellyfin",
  risk: "low",
  blastRadius: { restarts: ["nas/jellyfin"], degrades: [], data: [] },
  reversibility: { kind: "nothing-to-undo", how: "it runs again as before" },
  proposedAt: "2026-11-26T10:00:00.000Z",
  expires: "2026-11-26T11:00:00.000Z",
  state: "pending",
  since: "2026-11-26T10:00:00.000Z",
  decision: null,
  authority: null,
  claimedBy: null,
  outcome: null,
  supersededBy: null,
};

describe("an action", () => {
  it("is read as it was written", () => {
    expect(parseAction(JSON.stringify(ACTION))).toEqual(ACTION);
  });

  it("is none with a hash that is not of what it is bound to", () => {
    const altered = { ...ACTION, binding: { ...BINDING, target: "vaultwarden" } };
    expect(parseAction(JSON.stringify(altered))).toBeUndefined();
  });

  it("has another hash when plan, observation, target or an image is another", () => {
    const others: readonly Partial<Binding>[] = [
      { plan: "9".repeat(16) },
      { observed: "9".repeat(64) },
      { target: "other" },
      { host: "vps" },
      { digests: [`sha256:${"b".repeat(64)}`] },
      { commit: "9".repeat(40) },
    ];
    const hashes = others.map((other) => bindingHash({ ...BINDING, ...other }));
    expect(new Set([ACTION.hash, ...hashes]).size).toBe(others.length + 1);
  });

  it.each(["", "{", "[]", "null", JSON.stringify(ACTION).slice(0, -9)])("is none in %j", (text) => {
    expect(parseAction(text)).toBeUndefined();
  });

  it("runs only after it was approved and claimed, and never twice", () => {
    const before = (to: string) => ACTION_STATES.filter((from) => canFollow(from, to as "running"));
    expect(before("running")).toEqual(["claimed"]);
    expect(before("claimed")).toEqual(["approved"]);
    expect(before("approved")).toEqual(["pending"]);
    expect(NEXT_STATES.interrupted).toEqual(["verified", "failed"]);
  });
});

describe("a line for a person", () => {
  it("shows what a terminal would act upon, and stays one line (S18)", () => {
    const hostile = "a\u001b]52;c;x\u0007\r\n\u202eb\u0000";
    expect(asLine(hostile)).toBe("a\\u001b]52;c;x\\u0007\\u000d\\u000a\\u202eb\\u0000");
    expect(line.safeParse(hostile).success).toBe(false);
    expect(line.safeParse(asLine(hostile)).success).toBe(true);
    expect(line.safeParse(asLine("x".repeat(1_000_000))).success).toBe(true);
  });
});
