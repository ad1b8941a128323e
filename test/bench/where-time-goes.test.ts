import { describe, expect, it } from "vitest";
import { whereTimeGoes } from "../../bench/where-time-goes.ts";
import type { TimedEvent } from "../../workspace/pulumi-events.ts";

const TYPES = {
  stack: "pulumi:pulumi:Stack",
  container: "docker:index/container:Container",
  command: "command:local:Command",
} as const;

/** The events of one step. */
function step(
  kind: keyof typeof TYPES,
  name: string,
  from: number,
  to: number,
  op = "create",
): TimedEvent[] {
  const type = TYPES[kind];
  const metadata = { op, type, urn: `urn:pulumi:s::p::${type}::${name}` };
  return [
    { at: from, event: { resourcePreEvent: { metadata } } },
    { at: to, event: { resOutputsEvent: { metadata } } },
  ];
}

/** "in flight, alone" by the beginning of the activity's name; zero shares left out. */
function shares(events: TimedEvent[], seconds: number): Record<string, string> {
  const sorted = [...events].sort((a, b) => a.at - b.at);
  return Object.fromEntries(
    whereTimeGoes(sorted, seconds)
      .filter(({ inFlight }) => inFlight > 0)
      .map(({ activity, inFlight, alone }) => [
        activity.split(/[ :]/).slice(0, 2).join(" "),
        `${inFlight}, ${alone}`,
      ]),
  );
}

describe("where the time of an up goes", () => {
  it("is told apart by what was in flight, and by what alone was", () => {
    const events = [
      ...step("container", "a-container", 2, 4, "refresh"),
      ...step("command", "images", 6, 7),
      ...step("container", "a-container", 8, 10),
      ...step("command", "a-gate", 10, 13),
      ...step("container", "b-container", 12, 14),
    ];
    expect(shares(events, 15)).toEqual({
      "start of": "2, 2",
      "refresh ": "2, 2",
      "images ": "1, 1",
      "the program": "2, 2",
      "making containers": "4, 3",
      "waiting for": "3, 2",
      "nothing in": "1, 1",
      "after the": "1, 1",
    });
  });

  it("does not count the stack itself, which lasts as long as everything in it", () => {
    const events = [...step("stack", "homelab-s", 1, 9), ...step("command", "a-files", 3, 5)];
    expect(shares(events, 9)).toEqual({
      "start of": "3, 1",
      "the program": "2, 0",
      "files on": "2, 2",
      "after the": "4, 4",
    });
  });

  it("gives a step that never ended the rest of the run", () => {
    const [begun] = step("command", "a-gate", 1, 2);
    expect(shares(begun ? [begun] : [], 5)).toEqual({ "start of": "1, 1", "waiting for": "4, 4" });
  });
});
