import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { initialState } from "../../../../programs/boot/boot-state.ts";
import type { Marks } from "../../../../programs/boot/foot/marks.ts";
import { hard, planOf } from "../imitation.ts";
import { DIGEST, idOf } from "./imitated-containers.ts";
import { planWith, settingsFor, startFoot, ToldObserver, TOKEN } from "./told-observer.ts";
import { engineWith, knownHost, stateOf, WAIT } from "./known-host.ts";

describe("a host that tells its Observer what it sees", () => {
  it("gives it a world equal to what is there", async () => {
    const image = `docker.io/library/immich:1@${DIGEST}`;
    const engine = await engineWith({
      immich: { status: "running", health: "healthy", image, spec: "c".repeat(16) },
      caddy: { status: "running" },
      redis: { status: "exited", exitCode: 137 },
      new: { status: "created" },
    });
    const observer = await ToldObserver.open();
    const { path: settings } = settingsFor(observer.url);
    const marks: Marks = {
      maintenance: { reason: "a new disk", by: "anna", until: null },
      hold: { by: "anna@desk", commit: "f".repeat(40) },
      deploying: true,
    };
    const plan = () => Promise.resolve(planWith(["immich", "caddy", "redis", "absent"]));
    startFoot({ engine: engine.engine, settings, plan, marks: () => marks });
    await vi.waitFor(() => expect(observer.world.looked).not.toBeNull(), WAIT);

    const { world } = observer;
    expect(
      Object.fromEntries(Object.entries(world.services).map(([name, { state }]) => [name, state])),
    ).toEqual({
      immich: "healthy",
      caddy: "running",
      redis: "exited",
      new: "created",
      absent: "missing",
    });
    expect(world.services["immich"]?.container).toMatchObject({
      id: idOf("immich"),
      image,
      digest: DIGEST,
      spec: "c".repeat(16),
      startedAt: "2026-11-26T09:00:00.123Z",
      exitCode: null,
      restarts: 2,
    });
    expect(world.services["redis"]?.container).toMatchObject({ exitCode: 137, digest: null });
    expect(world.services["new"]).toMatchObject({ planned: false, container: { startedAt: null } });
    expect(world.engine.state).toBe("answers");
    expect(world.plan).toMatchObject({ digest: "d".repeat(16), commit: "e".repeat(40) });
    expect(world.maintenance).toMatchObject({ reason: "a new disk", by: "anna", until: null });
    expect(world.hold).toMatchObject({ by: "anna@desk", commit: "f".repeat(40) });
    expect(world.deploying).not.toBeNull();
    expect(world.program).toMatchObject({ build: "boot 1" });
    expect(world.gap).toBeNull();
  });

  it("tells within a moment that a container was stopped by hand, and who wanted it", async () => {
    const { engine, observer } = await knownHost();
    engine.stop("immich");
    await vi.waitFor(() => {
      expect(observer.world.services["immich"]).toMatchObject({ state: "exited", asked: true });
    }, WAIT);
    expect(observer.world.services["immich"]?.container?.exitCode).toBe(137);
    expect(observer.world.gap).toBeNull();
  });

  it("tells nothing that the contract has no word for, and no label, environment or token (S5, S12)", async () => {
    const { engine, observer } = await knownHost({ ["x".repeat(200)]: { status: "running" } });
    engine.set("immich", { status: "running", health: "unhealthy" });
    engine.say("immich", "exec_start: sh");
    engine.say("immich", "kill", { signal: "1" });
    engine.say("x".repeat(200), "die", { exitCode: "1" });
    for (const action of [
      "create",
      "start",
      "oom",
      "pause",
      "unpause",
      "health_status: unhealthy",
    ]) {
      engine.say("immich", action);
    }
    await vi.waitFor(() => expect(observer.count("engine")).toBe(6), WAIT);
    await vi.waitFor(() => expect(stateOf(observer, "immich")).toBe("unhealthy"), WAIT);
    const told = JSON.stringify(observer.said);
    for (const secret of ["hunter2", TOKEN, "xxxx"]) expect(told).not.toContain(secret);
    expect(observer.count("unread")).toBe(0);
    expect(observer.world.services["immich"]?.asked).toBe(false);
  });

  it("says that it is alive while nothing happens, and numbers all it says without a hole", async () => {
    const { observer } = await knownHost();
    await vi.waitFor(() => expect(observer.count("alive")).toBeGreaterThan(2), WAIT);
    const { said } = observer;
    expect(said[0]?.happening.kind).toBe("hello");
    expect(said.map(({ number }) => number)).toEqual(said.map((_, at) => at + 1));
    expect(observer.count("look")).toBeLessThanOrEqual(2);
  });

  it("tells of gates and of who is held back, and when that is over", async () => {
    const { foot, observer } = await knownHost();
    const plan = planOf([{ name: "immich", requires: [hard("gate:nas-media")] }], {
      "nas-media": 10,
    });
    const before = initialState(plan);
    const closed = {
      ...before,
      gates: new Map([["gate:nas-media", { at: "closed", seen: "nothing is mounted" } as const]]),
      services: new Map([["immich", { at: "held", by: "gate:nas-media" } as const]]),
    };
    foot.observe(before, 1);
    foot.observe(closed, 2);
    await vi.waitFor(() => {
      expect(observer.world.services["immich"]?.heldBy).toBe("gate:nas-media");
    }, WAIT);
    expect(observer.world.gates["nas-media"]).toMatchObject({
      state: "closed",
      seen: "nothing is mounted",
    });
    const open = { at: "open", since: 1, blind: [] } as const;
    foot.observe({ ...before, gates: new Map([["gate:nas-media", open]]) }, 3);
    await vi.waitFor(() => expect(observer.world.gates["nas-media"]?.state).toBe("open"), WAIT);
    expect(observer.world.services["immich"]?.heldBy).toBeNull();
  });

  it("looks anew when somebody begins or ends to work on the host", async () => {
    const engine = await engineWith({});
    const observer = await ToldObserver.open();
    const marks = { maintenance: null, hold: null, deploying: true };
    const { path: settings } = settingsFor(observer.url);
    startFoot({ engine: engine.engine, settings, marks: () => ({ ...marks }) });
    await vi.waitFor(() => expect(observer.world.deploying).not.toBeNull(), WAIT);
    marks.deploying = false;
    await vi.waitFor(() => expect(observer.world.deploying).toBeNull(), WAIT);
  });

  it("tells what happened while a look was taken after the look, which may not have seen it", async () => {
    const { engine, observer } = await knownHost();
    let go = (): void => undefined;
    let asked = 0;
    engine.beforeInspecting = () => {
      asked += 1;
      return new Promise((resolve) => (go = resolve));
    };
    engine.endStream();
    await vi.waitFor(() => expect(asked).toBe(1), WAIT);
    engine.stop("immich");
    await pause(50);
    engine.beforeInspecting = () => Promise.resolve();
    go();
    await vi.waitFor(() => expect(stateOf(observer, "immich")).toBe("exited"), WAIT);
    await vi.waitFor(() => expect(observer.world.gap).toBeNull(), WAIT);
    expect(observer.count("gap")).toBe(1);
  });

  it("tells of a container that hangs what the list says of it, and of the others all (R3, R4)", async () => {
    const { observer } = await knownHost({
      stuck: { status: "running", health: "unhealthy", hangs: true },
    });
    expect(observer.world.services["stuck"]).toMatchObject({ state: "unhealthy" });
    expect(observer.world.services["immich"]?.container?.restarts).toBe(2);
  });

  it("says that the engine is away, calls nothing missing for it, and looks when it is back (R1)", async () => {
    const { engine, observer } = await knownHost();
    await engine.close();
    await vi.waitFor(() => expect(observer.world.engine.state).toBe("away"), WAIT);
    expect(observer.world.services["immich"]).toMatchObject({ state: "unknown", was: "healthy" });
    engine.set("immich", { status: "exited" });
    await engine.listen();
    await vi.waitFor(() => expect(stateOf(observer, "immich")).toBe("exited"), WAIT);
    expect(observer.world.engine.state).toBe("answers");
  });
});

describe("an Observer that is not there", () => {
  it("is told all that happened meanwhile when it is back; the journal has one line for each", async () => {
    const { engine, observer, lines } = await knownHost();
    observer.goes();
    engine.stop("immich");
    await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
    await pause(200);
    expect(lines.map(({ level }) => level)).toEqual(["warning"]);
    await observer.comes();
    await vi.waitFor(() => expect(stateOf(observer, "immich")).toBe("exited"), WAIT);
    expect(observer.world.counts).toMatchObject({ lost: 0, late: 0 });
    await vi.waitFor(() => expect(lines).toHaveLength(2), WAIT);
    expect(lines[1]?.level).toBe("info");
    expect(lines[1]?.text).toContain("again");
  });

  it("is sent a batch again whose receipt was lost, and counts nothing twice", async () => {
    const { engine, observer } = await knownHost();
    observer.receiptsToLose = 2;
    engine.stop("immich");
    await vi.waitFor(() => expect(observer.duplicates).toBeGreaterThan(0), WAIT);
    await vi.waitFor(() => expect(observer.receiptsToLose).toBe(0), WAIT);
    await vi.waitFor(() => expect(observer.count("alive")).toBeGreaterThan(1), WAIT);
    expect(observer.count("engine")).toBe(3);
    expect(observer.world.counts.lost).toBe(0);
  });

  it("that refuses the token is asked again now and then, which is said once, without the token", async () => {
    const { observer, lines, engine } = await knownHost();
    observer.knows = false;
    const before = observer.batches;
    await vi.waitFor(() => expect(observer.batches).toBeGreaterThan(before + 3), WAIT);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).toContain("refuses this host's token");
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
    observer.knows = true;
    engine.stop("immich");
    await vi.waitFor(() => expect(stateOf(observer, "immich")).toBe("exited"), WAIT);
  });
});
