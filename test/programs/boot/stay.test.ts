import { mkdtempSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { BootRecorder, pendingIn } from "../../../programs/boot/boot-record.ts";
import { Engine, eventOf } from "../../../programs/boot/engine.ts";
import { isPaused } from "../../../programs/boot/pause.ts";
import { PAUSE_LOOK_MS } from "../../../programs/boot/run.ts";
import { initialState } from "../../../programs/boot/boot-state.ts";
import { DEPLOYING_LIMIT_SECONDS, NAMELESS_DEPLOYING_LIMIT_SECONDS } from "../../../model/paths.ts";
import { hard, planOf } from "./imitation.ts";
import { closeEngines, settledHost } from "./settled-run.ts";

const DOWN = { status: "exited", health: "unhealthy" };
const HEALTHY = { status: "running", health: "healthy" };

afterEach(() => {
  vi.useRealTimers();
  closeEngines();
});

const soon = { timeout: 5000 };
const MEDIA = planOf(
  [
    { name: "sonarr", requires: [hard("gate:media")] },
    { name: "seerr", requires: [hard("sonarr")] },
    { name: "grafana" },
  ],
  { media: 1 },
);

describe("an orchestrator that stays", () => {
  it("says who is held by what when the boot has settled, and starts them in order when the gate opens", async () => {
    const host = await settledHost(MEDIA, { sonarr: DOWN, seerr: DOWN, grafana: HEALTHY });
    expect(host.kept().ended).toMatchObject({ healthy: 1, failed: [], held: ["sonarr", "seerr"] });
    expect(host.kept().services["seerr"]).toMatchObject({ state: "held", by: "sonarr" });
    expect(host.kept().gates["gate:media"]).toMatchObject({ open: false });
    expect(host.gates.get("media")?.pace()).toBe("slow");
    host.gates.get("media")?.tell({ open: true, seen: "" });
    await vi.waitFor(() => expect(host.kept().services["seerr"]?.state).toBe("healthy"), soon);
    expect(host.engine.calls).toEqual(["start sonarr", "start seerr"]);
    expect(host.kept().gates["gate:media"]?.open).toBe(true);
    expect(host.lines).toContain(
      "sonarr: gate:media is no longer in its way; it starts when all it needs is there",
    );
  });

  it("starts again what ended by itself, counts that, and leaves down what was stopped", async () => {
    const plan = planOf([{ name: "frigate" }, { name: "jellyfin" }]);
    const host = await settledHost(plan, { frigate: HEALTHY, jellyfin: HEALTHY });
    host.engine.end("frigate");
    host.engine.end("jellyfin", 0, "15");
    await vi.waitFor(() => expect(host.kept().services["frigate"]?.restarts).toBe(1), soon);
    await vi.waitFor(() => expect(host.kept().services["frigate"]?.state).toBe("healthy"), soon);
    expect(host.engine.calls).toEqual(["start frigate"]);
    expect(host.kept().services["jellyfin"]?.state).toBe("stopped");
    expect(host.lines).toContain(
      "frigate: ended by itself, which nobody asked for; starting it again",
    );
  });

  it("does nothing while it is paused, and looks anew at the end, but not at what was stopped meanwhile", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const plan = planOf([{ name: "frigate" }, { name: "jellyfin" }]);
    const host = await settledHost(plan, { frigate: HEALTHY, jellyfin: HEALTHY });
    host.around.paused = true;
    host.engine.end("frigate");
    host.engine.end("jellyfin", 0, "15");
    await breathe();
    await vi.advanceTimersByTimeAsync(PAUSE_LOOK_MS * 3);
    expect(host.engine.calls).toEqual([]);
    host.around.paused = false;
    await vi.advanceTimersByTimeAsync(PAUSE_LOOK_MS);
    await breathe();
    vi.useRealTimers();
    await vi.waitFor(() => expect(host.kept().services["jellyfin"]?.state).toBe("stopped"), soon);
    expect(host.kept().services["frigate"]?.state).toBe("crashed");
    expect(host.engine.calls).toEqual([]);
  });

  it("takes a container that a deployment made anew for up, and goes by the plan it wrote", async () => {
    const host = await settledHost(planOf([{ name: "db" }]), { db: HEALTHY });
    host.around.newPlan(planOf([{ name: "db" }, { name: "app", requires: [hard("db")] }]));
    host.engine.end("db", 137, "9");
    host.engine.event("db", "destroy");
    await vi.waitFor(() => expect(host.kept().services["db"]?.state).toBe("removed"), soon);
    host.engine.set("db", HEALTHY);
    host.engine.event("db", "start");
    host.engine.set("app", HEALTHY);
    host.engine.event("app", "start");
    await vi.waitFor(() => expect(host.kept().services["app"]?.state).toBe("healthy"), soon);
    expect(host.kept().services["db"]?.state).toBe("healthy");
    expect(host.engine.calls).toEqual([]);
  });

  it("writes its record only when something in it changed", async () => {
    const host = await settledHost(planOf([{ name: "db" }]), { db: HEALTHY });
    const file = join(host.folder, "boot.json");
    await breathe();
    const before = statSync(file).ino;
    host.engine.event("db", "health_status: healthy");
    await breathe();
    expect(statSync(file).ino).toBe(before);
  });

  it("ends when the engine goes away, so that it can look again", async () => {
    const host = await settledHost(planOf([{ name: "db" }]), { db: HEALTHY });
    host.engine.breakStream();
    await expect(host.over).resolves.toBeUndefined();
  });
});

describe("an orchestrator that a deployment starts", () => {
  const plan = planOf([
    { name: "db" },
    { name: "app", requires: [hard("db")] },
    { name: "ill" },
    { name: "new" },
  ]);

  it("stops and starts nothing, whatever it finds, and watches from then on", async () => {
    const found = { db: DOWN, app: HEALTHY, ill: { status: "running", health: "unhealthy" } };
    const host = await settledHost(plan, found, []);
    expect(host.lines).toEqual([
      "ill: failed: it is unhealthy; look at: docker logs ill",
      "watching from now on; 1 of 4 services healthy; left as they are: db stopped, ill failed, new stopped",
    ]);
    await breathe();
    expect(host.engine.calls).toEqual([]);
    expect(host.kept().services).toMatchObject({
      db: { state: "stopped" },
      app: { state: "healthy" },
      ill: { state: "failed" },
      new: { state: "removed" },
    });
    host.engine.end("app");
    await vi.waitFor(() => expect(host.kept().services["app"]?.state).toBe("held"), soon);
    host.engine.set("db", HEALTHY);
    host.engine.event("db", "start");
    await vi.waitFor(() => expect(host.engine.calls).toEqual(["start app"]), soon);
  });

  it("goes on with what the one before had still to start, when its gate opens", async () => {
    const before = await settledHost(MEDIA, { sonarr: DOWN, seerr: DOWN, grafana: HEALTHY });
    before.engine.end("grafana", 0, "15");
    await vi.waitFor(() => expect(before.kept().services["grafana"]?.state).toBe("stopped"), soon);
    const pending = pendingIn(join(before.folder, "boot.json"));
    expect(pending).toEqual(["sonarr", "seerr"]);
    const host = await settledHost(MEDIA, { sonarr: DOWN, seerr: DOWN, grafana: DOWN }, pending);
    await breathe();
    expect(host.engine.calls).toEqual([]);
    host.gates.get("media")?.tell({ open: true, seen: "" });
    await vi.waitFor(() => expect(host.kept().services["seerr"]?.state).toBe("healthy"), soon);
    expect(host.engine.calls).toEqual(["start sonarr", "start seerr"]);
    expect(host.kept().services["grafana"]?.state).toBe("stopped");
  });

  it("has nothing to go on with where nobody kept a record, or a broken one", () => {
    const folder = mkdtempSync(join(tmpdir(), "boot-record-"));
    expect(pendingIn(join(folder, "none.json"))).toEqual([]);
    writeFileSync(join(folder, "broken.json"), '{"services":');
    expect(pendingIn(join(folder, "broken.json"))).toEqual([]);
  });
});

/** Time for what travels over a socket, also while timers are imitated. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("the engine's word that a container is to stop", () => {
  const kill = (signal: string) =>
    eventOf(JSON.stringify({ Action: "kill", Actor: { Attributes: { name: "db", signal } } }));

  it("is heard for signals that end a program, and not for those that tell it something", () => {
    for (const signal of ["2", "3", "9", "15", "37"]) expect(kill(signal)?.kind).toBe("asked");
    for (const signal of ["1", "10", "12", "28"]) expect(kill(signal)).toBeUndefined();
    const stop = JSON.stringify({ Action: "stop", Actor: { Attributes: { name: "db" } } });
    expect(eventOf(stop)?.kind).toBe("asked");
  });
});

describe("an engine that is ill", () => {
  it("that takes calls and answers none is given up when its time is over", async () => {
    const mute = createServer(() => undefined);
    const socket = join(mkdtempSync(join(tmpdir(), "mute-")), "docker.sock");
    await new Promise<void>((resolve) => mute.listen(socket, resolve));
    await expect(new Engine("docker-vm", socket).waitUntilReady(0.2)).rejects.toThrow(
      "the Docker engine did not answer within 0.2 s (no answer within 0.2 s)",
    );
    mute.closeAllConnections();
    mute.close();
  });

  it("that ends in the middle of a line says nothing with it", () => {
    expect(eventOf('{"Action":"die","Actor":{"Attr')).toBeUndefined();
  });
});

describe("a record that cannot be written", () => {
  it("is complained of once, and keeps nothing from going on", () => {
    const folder = mkdtempSync(join(tmpdir(), "boot-record-"));
    writeFileSync(join(folder, "full"), "");
    const complaints: string[] = [];
    const recorder = new BootRecorder(join(folder, "full", "boot.json"), "docker-vm", (reason) =>
      complaints.push(reason),
    );
    const state = initialState(planOf([{ name: "db" }]));
    recorder.observe(state);
    recorder.settled(state);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/EEXIST|ENOTDIR/);
  });
});

describe("a pause", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  const folder = mkdtempSync(join(tmpdir(), "pause-"));
  const marks = { maintenance: join(folder, "m.json"), deploying: join(folder, "deploying") };
  const announced = (text: string): boolean => {
    writeFileSync(marks.maintenance, text);
    return isPaused(now, { ...marks, deploying: "/nowhere" });
  };
  const without = { ...marks, maintenance: "/nowhere" };
  /** Whether it counts when the deployment's mark was renewed so long ago. */
  const aged = (seconds: number): boolean => {
    utimesSync(marks.deploying, now / 1000 - seconds, now / 1000 - seconds);
    return isPaused(now, without);
  };

  it("is what a person announced, until its time is over", () => {
    const text = (until?: string) => JSON.stringify({ until, reason: "disk", by: "ana" });
    expect(announced(text())).toBe(true);
    expect(announced(text("2026-11-26T12:00:01Z"))).toBe(true);
    expect(announced(text("2026-11-26T13:00:01+02:00"))).toBe(false);
    expect(announced(text("2026-11-26T12:00:00Z"))).toBe(false);
  });

  it("is also what somebody wrote by hand and wrong", () => {
    expect(announced("until tomorrow")).toBe(true);
    expect(announced('{"until":"tomorrow","reason":"disk","by":"ana"}')).toBe(true);
  });

  it("is a deployment that is under way, but not one that was cut off long ago", () => {
    expect(isPaused(now, without)).toBe(false);
    writeFileSync(marks.deploying, '{"version":1}\n');
    expect(aged(DEPLOYING_LIMIT_SECONDS - 1)).toBe(true);
    expect(aged(DEPLOYING_LIMIT_SECONDS)).toBe(false);
  });

  it("of an older deployer, whose mark says nothing and is seldom renewed, may last longer", () => {
    writeFileSync(marks.deploying, "");
    expect(aged(NAMELESS_DEPLOYING_LIMIT_SECONDS - 1)).toBe(true);
    expect(aged(NAMELESS_DEPLOYING_LIMIT_SECONDS)).toBe(false);
  });
});
