import { describe, expect, it } from "vitest";
import { engineStopSeconds, stopSeconds } from "../../model/stop-time.ts";

describe("the time to stop", () => {
  it("is the declared one, and half a minute where none is declared", () => {
    expect(stopSeconds({ stopGrace: "2m" })).toBe(120);
    expect(stopSeconds({})).toBe(30);
  });

  it("of an engine is longer than that of each of its containers and the five seconds the engine adds", () => {
    expect(engineStopSeconds([{}, { stopGrace: "120s" }, { stopGrace: "10s" }])).toBeGreaterThan(
      125,
    );
    expect(engineStopSeconds([])).toBeGreaterThan(35);
  });
});
