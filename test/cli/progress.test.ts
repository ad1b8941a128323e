import { cpus } from "node:os";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { printingReporter } from "../../cli/progress.ts";

const lines: string[] = [];
const reporter = () => printingReporter((line) => lines.push(line));

beforeEach(() => {
  vi.useFakeTimers();
  lines.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the progress of a long command", () => {
  it("names a step and its duration when it has ended, with what came of it", () => {
    const done = reporter().step("push images");
    vi.advanceTimersByTime(2500);
    done("3 sent");
    expect(lines).toEqual(["  push images: 3 sent (2.5 s)"]);
  });

  it("says while steps are at work which they are and what they do", () => {
    const progress = reporter();
    progress.step("machine root");
    progress.step("engine programs");
    progress.detail?.("engine programs", "dockerd");
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual(["  … 0:10, 0 done, now machine root, engine programs (dockerd)"]);
  });

  it("says about how long the long steps still take, and leaves out those found done", () => {
    const progress = reporter();
    const twenty = 20 * 60 * cpus().length;
    progress.step("found", twenty)();
    progress.step("engine programs", twenty);
    vi.advanceTimersByTime(10_000);
    expect(lines.at(-1)).toBe("  … 0:10, 1 done, now engine programs; about 20 min left");
  });

  it("says nothing more when the last step has ended", () => {
    reporter().step("machines")();
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(1);
  });
});
