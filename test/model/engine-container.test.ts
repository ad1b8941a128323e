import { describe, expect, it } from "vitest";
import { containerState, engineTime } from "../../model/engine-container.ts";
import { readEngineLine } from "../../model/engine-line.ts";

describe("what an engine says of a container", () => {
  it.each(["created", "exited", "paused", "restarting"])(
    "is %s, whatever its last check found while it ran",
    (Status) => {
      expect(containerState({ Status, Health: { Status: "healthy" } })).toBe(Status);
    },
  );

  it.each([undefined, null, { Status: "none" }, { Status: "" }])(
    "is that it runs where it has no check: %o",
    (Health) => {
      expect(containerState({ Status: "running", Health })).toBe("running");
    },
  );

  it("is nothing in a word that nobody knows", () => {
    expect(containerState({ Status: "floating" })).toBeUndefined();
  });

  it("has no time for never", () => {
    expect(engineTime("0001-01-01T00:00:00Z")).toBeUndefined();
    expect(engineTime("2026-11-26T09:00:00.5Z")).toBe(Date.UTC(2026, 10, 26, 9) / 1000 + 0.5);
  });

  it("is no news when it is a signal that ends nothing, and its moment keeps every digit", () => {
    const line = (signal: string) =>
      `{"Action":"kill","Actor":{"ID":"a","Attributes":{"signal":"${signal}"}},"timeNano":1764147600123456789}`;
    expect(readEngineLine(line("1"))).toBeUndefined();
    expect(readEngineLine(line("15"))).toMatchObject({
      action: "kill",
      timeNano: "1764147600123456789",
    });
  });
});
