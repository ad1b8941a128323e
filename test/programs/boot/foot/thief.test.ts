import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { Work } from "../../../../control-plane/contract/work.ts";
import type { ActingSurroundings } from "../../../../programs/boot/foot/acting.ts";
import { THIEF, workFor } from "../../../control-plane/actor/keys.ts";
import { BINDING } from "../../../control-plane/binding.ts";
import { QUICK } from "./told-observer.ts";
import { actorOf, bindingOf, JELLYFIN, settledState, thief, WAIT } from "./actor.ts";

describe("an Executor that a thief has", () => {
  const refusals: readonly [
    string,
    () => Promise<unknown>,
    Partial<Parameters<typeof actorOf>[2]>,
  ][] = [
    ["an order that a stranger signed", () => workFor(BINDING, {}, THIEF), {}],
    ["no order", () => Promise.resolve({ run: "rm -rf /" }), {}],
    ["another host's order", () => workFor(bindingOf({ host: "vps" })), {}],
    [
      "an order for another image",
      () => workFor(bindingOf({ digests: [`sha256:${"9".repeat(64)}`] })),
      {},
    ],
    ["a service that is not this host's", () => workFor(bindingOf({ target: "stranger" })), {}],
    ["a start of what runs", () => workFor(bindingOf({ verb: "start" })), {}],
    ["a start below a mount that is not there", () => workFor(), { state: settledState("closed") }],
    [
      "a remount of what is mounted",
      () =>
        workFor(
          bindingOf({ verb: "remount", target: "nas-media", digests: [], commit: "e".repeat(40) }),
        ),
      {},
    ],
    [
      "a remount by another commit",
      () =>
        workFor(
          bindingOf({ verb: "remount", target: "nas-media", digests: [], commit: "f".repeat(40) }),
        ),
      { state: settledState("closed") },
    ],
    [
      "a deployment",
      () =>
        workFor(
          bindingOf({ verb: "deploy-host", target: "nas", digests: [], commit: "e".repeat(40) }),
        ),
      {},
    ],
  ];

  it.each(refusals)("gets %s refused, written down, and nothing done", async (_, work, change) => {
    const { url } = await thief([await work()]);
    const scripts: string[] = [];
    const run: ActingSurroundings["run"] = (script) => {
      scripts.push(script);
      return Promise.resolve({ exitCode: 0, output: "" });
    };
    const { engine, audit, lines } = await actorOf(url, JELLYFIN, { run, ...change });
    await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
    expect(lines[0]?.level).toBe("warning");
    expect(audit().map(({ what }) => what)).toEqual(["refused"]);
    expect(engine.did).toEqual([]);
    expect(scripts).toEqual([]);
  });

  it("gets an order done once, however often it hands it over", async () => {
    const work: Work = await workFor();
    const { url } = await thief([work, work, work]);
    const { engine, lines } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(lines).toHaveLength(3), WAIT);
    expect(engine.did).toEqual(["restart jellyfin 10"]);
  });

  it("fills no disk with orders that are refused: each is followed by a pause", async () => {
    const bad = Array.from({ length: 200 }, () => ({}));
    const { url, asked } = await thief(bad);
    const { audit } = await actorOf(url, {}, { pace: { ...QUICK, refusedMs: 60_000 } });
    await vi.waitFor(() => expect(audit()).toHaveLength(1), WAIT);
    await pause(500);
    expect(asked.times).toBe(1);
  });

  it("that answers at once that there is nothing is not asked without pauses", async () => {
    const { url, asked } = await thief([]);
    await actorOf(url, {}, { pace: { ...QUICK, askMs: 60_000 } });
    await vi.waitFor(() => expect(asked.times).toBe(1), WAIT);
    await pause(300);
    expect(asked.times).toBe(1);
  });
});
