import { describe, expect, it } from "vitest";
import { batchSchema, happening } from "../../../control-plane/contract/events.ts";
import { ageSeconds, parseHostWorld } from "../../../control-plane/contract/world.ts";
import { container, engine, look } from "../observer/said.ts";

const LOOK = look([container("jellyfin")]);

describe("what a host says", () => {
  it("keeps nothing of a container that the schema does not name, such as its environment", () => {
    const containers = [{ ...container("jellyfin"), env: ["PASSWORD=hunter2"] }];
    const answer = { answers: true, containers };
    const read = happening.parse({ ...LOOK, engine: answer, labels: { token: "hunter2" } });
    expect(JSON.stringify(read)).not.toContain("hunter2");
    expect(read).toEqual(LOOK);
  });

  it.each([
    "../../info",
    "..%2f",
    "-v",
    "--help",
    "a/../b",
    "$(id)",
    "a b",
    "",
    "x".repeat(10_000),
  ])("names no container %j (S1, S7)", (name) => {
    const event = engine("jellyfin", "start");
    expect(happening.safeParse(event).success).toBe(true);
    expect(happening.safeParse({ ...event, container: name }).success).toBe(false);
  });

  it("may have a kind that only a later version knows, in a batch that is read all the same", () => {
    const batch = {
      version: 1,
      host: "nas",
      stream: "d".repeat(32),
      events: [
        { number: 1, time: "2026-11-26T10:00:00.000Z", happening: { kind: "of a later version" } },
      ],
    };
    expect(batchSchema.safeParse(batch).success).toBe(true);
    expect(batchSchema.safeParse({ ...batch, version: 2 }).success).toBe(false);
    expect(batchSchema.safeParse({ ...batch, host: "-oProxyCommand=x" }).success).toBe(false);
  });
});

describe("a fact", () => {
  it("ages from its receipt, and is never younger than new", () => {
    const at = "2026-11-26T10:00:00.000Z";
    expect(ageSeconds(at, Date.parse(at) + 90_000)).toBe(90);
    expect(ageSeconds(at, Date.parse(at) - 90_000)).toBe(0);
  });

  it("is not read from a file that is torn", () => {
    expect(parseHostWorld('{"version":1,"host":"nas"')).toBeUndefined();
    expect(parseHostWorld("")).toBeUndefined();
  });
});
