import { describe, expect, it } from "vitest";
import { parseRuns, runsText, withRuns, type ConformanceRun } from "../../model/conformance-run.ts";

const RUN: ConformanceRun = {
  service: "nas/app",
  image: "docker.io/library/app:1.0",
  version: "1.0.3",
  from: "Debian 13",
  asked: "what it is",
  healthySeconds: 1.4,
  stoppedSeconds: 0.3,
  stopLimitSeconds: 30,
  exitCode: 0,
  peakMebibytes: 12,
  limitMebibytes: 64,
  date: "2026-11-27",
};

describe("the kept runs", () => {
  it("are read as they were written, in one order whatever that of the runs", () => {
    const other = { ...RUN, service: "nas/another" };
    expect(parseRuns(runsText([RUN, other]))).toEqual([other, RUN]);
    expect(runsText([RUN, other])).toBe(runsText([other, RUN]));
  });

  it("keep what was not run today, and take today's in the place of an older one", () => {
    const other = { ...RUN, service: "nas/another" };
    const today = { ...RUN, version: "1.0.4" };
    expect(withRuns([RUN, other], [today])).toEqual([other, today]);
  });

  it("refuse a file that holds something else", () => {
    expect(() => parseRuns('{"runs":[{"service":"app"}]}')).toThrow("image");
  });
});
