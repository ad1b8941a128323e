import { rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { initialState } from "../../../../programs/boot/boot-state.ts";
import { planOf } from "../imitation.ts";
import { QUICK, settingsFor, startFoot, ToldObserver, TOKEN } from "./told-observer.ts";
import { engineWith, knownHost, stateOf, WAIT } from "./known-host.ts";

describe("the settings of what is told", () => {
  it("may be absent: then nobody is told, nothing is said, and the engine is asked nothing", async () => {
    const engine = await engineWith({});
    const { foot, lines } = startFoot({
      engine: engine.engine,
      settings: "/nowhere/observer.json",
    });
    foot.observe(initialState(planOf([{ name: "immich" }])), 1);
    await pause(100);
    expect(lines).toEqual([]);
    expect(engine.lists).toBe(0);
  });

  it.each([
    ["no JSON", "{ hunter2", "observer.json"],
    [
      "another version",
      '{"version":2,"host":"nas","url":"http://a:1","tokenFile":"/x"}',
      "version",
    ],
    [
      "another host",
      '{"version":1,"host":"vps","url":"http://a:1","tokenFile":"/x"}',
      "another host",
    ],
    ["a path", '{"version":1,"host":"nas","url":"http://a:1/x","tokenFile":"/x"}', "url"],
    ["TLS", '{"version":1,"host":"nas","url":"https://a:1","tokenFile":"/x"}', "url"],
    [
      "a password",
      '{"version":1,"host":"nas","url":"http://a:hunter2@b:1","tokenFile":"/x"}',
      "url",
    ],
    ["no token", '{"version":1,"host":"nas","url":"http://a:1","tokenFile":"/nowhere"}', "ENOENT"],
  ])("that have %s are said to be broken, once, and the rest goes on", async (_, text, word) => {
    const engine = await engineWith({ immich: { status: "running", health: "healthy" } });
    const observer = await ToldObserver.open();
    const settings = settingsFor(observer.url);
    settings.write(text);
    const { lines } = startFoot({ engine: engine.engine, settings: settings.path });
    await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
    await pause(10 * QUICK.turnMs);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).toContain(word);
    expect(lines[0]?.text).not.toContain("hunter2");
    expect(observer.batches).toBe(0);
    settings.write(settings.good);
    await vi.waitFor(() => expect(stateOf(observer, "immich")).toBe("healthy"), WAIT);
  });

  it.each(["", "short", `${"n".repeat(43)} and more`, `${"n".repeat(43)}\n\n`])(
    "do not quote what stands in place of the token: %j (S16)",
    async (token) => {
      const engine = await engineWith({});
      const observer = await ToldObserver.open();
      const settings = settingsFor(observer.url, token);
      const { lines } = startFoot({ engine: engine.engine, settings: settings.path });
      await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
      expect(lines[0]?.text).toContain(settings.tokenFile);
      expect(lines[0]?.text).not.toContain("nnnn");
      expect(observer.batches).toBe(0);
    },
  );

  it("are followed when they change, and when they are taken away, without a restart", async () => {
    const { engine, observer, settings } = await knownHost();
    const other = await ToldObserver.open();
    settings.write(settings.good.replace(observer.url, other.url));
    await vi.waitFor(() => expect(stateOf(other, "immich")).toBe("healthy"), WAIT);
    rmSync(settings.path);
    await vi.waitFor(async () => {
      const { batches } = other;
      await pause(5 * QUICK.aliveMs);
      expect(other.batches).toBe(batches);
    }, WAIT);
    engine.stop("immich");
    await pause(100);
    expect(stateOf(other, "immich")).toBe("healthy");
    expect(stateOf(observer, "immich")).toBe("healthy");
  });

  it("are followed when only the token in its file changes", async () => {
    const { observer, settings, lines } = await knownHost();
    const streams = () => new Set(observer.said.map(({ stream }) => stream)).size;
    expect(streams()).toBe(1);
    writeFileSync(settings.tokenFile, TOKEN);
    await pause(100);
    expect(streams()).toBe(1);
    writeFileSync(settings.tokenFile, "m".repeat(43));
    await vi.waitFor(() => expect(lines.map(({ level }) => level)).toEqual(["warning"]), WAIT);
    writeFileSync(settings.tokenFile, TOKEN);
    await vi.waitFor(() => expect(streams()).toBe(2), WAIT);
  });
});
