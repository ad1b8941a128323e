import { describe, expect, it } from "vitest";
import { faultOf, inspected, secondsToHealthy } from "../../../bench/conformance/inspected.ts";

const WELL = { seconds: 0.4, exitCode: 0, outOfMemory: false, restarts: 0 };

describe("the end of a container", () => {
  it("is read from what the engine says of it", () => {
    const said = JSON.stringify({ RestartCount: 2, State: { ExitCode: 137, OOMKilled: true } });
    expect(inspected(said)).toEqual({ exitCode: 137, outOfMemory: true, restarts: 2 });
  });

  it("was good with any exit code that is no kill, in less than its time", () => {
    expect(faultOf(WELL, 30)).toBeUndefined();
    expect(faultOf({ ...WELL, exitCode: 143 }, 30)).toBeUndefined();
  });

  it("was bad when the memory did not do", () => {
    expect(faultOf({ ...WELL, outOfMemory: true }, 30)).toContain("more memory than its limit");
  });

  it("was bad when it had ended by itself before", () => {
    expect(faultOf({ ...WELL, restarts: 1 }, 30)).toContain("started again 1 times");
  });

  it("was bad when it took all of its time, or was killed", () => {
    expect(faultOf({ ...WELL, seconds: 30.2 }, 30)).toContain("did not end within its 30 s");
    expect(faultOf({ ...WELL, exitCode: 137 }, 30)).toContain("exit code 137");
  });
});

describe("the time until a container is healthy", () => {
  const state = (...codes: readonly number[]) =>
    JSON.stringify({
      StartedAt: "2026-11-27T04:00:00.000Z",
      Health: {
        Log: codes.map((ExitCode, second) => ({
          End: `2026-11-27T04:00:0${second + 1}.200Z`,
          ExitCode,
        })),
      },
    });

  it("ends with the first check that went well", () => {
    expect(secondsToHealthy(state(1, 1, 0, 0))).toBe(3.2);
  });

  it("is none where no check went well", () => {
    expect(() => secondsToHealthy(state(1, 1))).toThrow("no check of its went well");
  });
});
