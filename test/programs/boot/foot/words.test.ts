// What is told, in the contract's words: pure, without an engine or an Observer.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { happening, MOST_EVENTS } from "../../../../control-plane/contract/events.ts";
import type { ToldBoot } from "../../../../control-plane/contract/host-history.ts";
import { backoffMs } from "../../../../programs/boot/foot/backoff.ts";
import { containerOf, type Inspected } from "../../../../programs/boot/foot/container.ts";
import { saidIn } from "../../../../programs/boot/foot/engine-said.ts";
import { lookOf } from "../../../../programs/boot/foot/look.ts";
import { readMarks } from "../../../../programs/boot/foot/marks.ts";
import { outcomeOf } from "../../../../programs/boot/foot/outcome.ts";
import { Outbox } from "../../../../programs/boot/foot/outbox.ts";
import { changesBetween, standingIn } from "../../../../programs/boot/foot/standing.ts";
import { initialState } from "../../../../programs/boot/boot-state.ts";
import { container, look } from "../../../control-plane/observer/said.ts";
import { hard, planOf } from "../imitation.ts";
import { planWith } from "./told-observer.ts";

const ID = "a".repeat(64);
const listed = { Id: ID, Names: ["/web"], Image: "web:1", State: "running", Status: "Up 1 second" };
const inspected: Inspected = {
  RestartCount: 0,
  Config: { Image: "web:1" },
  State: { Status: "running", StartedAt: "2026-11-26T09:00:00Z", ExitCode: 0, OOMKilled: false },
};

describe("a container in the contract's words", () => {
  it.each([
    ["running", undefined, "running"],
    ["running", "none", "running"],
    ["running", "starting", "starting"],
    ["running", "healthy", "healthy"],
    ["running", "unhealthy", "unhealthy"],
    ["exited", "unhealthy", "exited"],
    ["dead", undefined, "exited"],
    ["removing", undefined, "exited"],
    ["created", undefined, "created"],
    ["paused", "healthy", "paused"],
    ["restarting", undefined, "restarting"],
  ])("that is %s with health %s is %s", (Status, health, state) => {
    const Health = health === undefined ? null : { Status: health };
    const seen = { ...inspected, State: { ...inspected.State, Status, Health } };
    expect(containerOf(listed, seen)?.state).toBe(state);
  });

  it.each([
    ["running", "Up 2 days", "running", null],
    ["running", "Up 2 days (healthy)", "healthy", null],
    ["running", "Up 2 seconds (health: starting)", "starting", null],
    ["running", "Up 2 days (unhealthy)", "unhealthy", null],
    ["exited", "Exited (137) 2 days ago", "exited", 137],
    ["created", "Created", "created", null],
  ])("of which the list says %s, %s, is %s without an inspection", (State, Status, state, code) => {
    expect(containerOf({ ...listed, State, Status }, undefined)).toMatchObject({
      state,
      exitCode: code,
      startedAt: null,
    });
  });

  it("has the name that is its own among those that links give it, or is left out", () => {
    expect(containerOf({ ...listed, Names: ["/a/db", "/web"] }, inspected)?.name).toBe("web");
    expect(containerOf({ ...listed, Names: [`/${"x".repeat(129)}`] }, inspected)).toBeUndefined();
    expect(containerOf({ ...listed, Names: [] }, inspected)).toBeUndefined();
  });

  it("has no spec that is not ours, and a line of an image that is none", () => {
    const odd = { ...listed, Labels: { "homelab.spec": "../x" } };
    const image = { ...inspected, Config: { Image: `a\u001b[31m${"b".repeat(600)}` } };
    const seen = containerOf(odd, image);
    expect(seen?.spec).toBeNull();
    expect(seen?.image).toHaveLength(500);
    expect(seen?.image).not.toContain("\u001b");
  });
});

describe("what the engine said", () => {
  const line = (action: string, attributes: object = {}, nano = "1764152400123456789"): string => {
    const Actor = { ID, Attributes: { name: "web", image: "web:1", ...attributes } };
    const text = JSON.stringify({ Action: action, Actor });
    return `${text.slice(0, -1)},"timeNano":${nano}}`;
  };

  it("keeps its time to the nanosecond", () => {
    expect(saidIn(line("start"))).toMatchObject({ timeNano: "1764152400123456789" });
  });

  it("has the exit code of a death alone", () => {
    expect(saidIn(line("die", { exitCode: "3" }))).toMatchObject({ action: "die", exitCode: 3 });
    expect(saidIn(line("stop", { exitCode: "3" }))).not.toHaveProperty("exitCode");
  });

  it.each(["exec_start: sh -c x", "rename", "health_status: running", ""])(
    "passes over %j",
    (action) => {
      expect(saidIn(line(action))).toBeUndefined();
    },
  );

  it("passes over half a line, a name without a form and a signal that ends nothing", () => {
    expect(saidIn(line("start").slice(0, 40))).toBeUndefined();
    for (const odd of ["null", "1", '{"Actor":null}']) expect(saidIn(odd)).toBeUndefined();
    expect(saidIn(line("start", { name: "-rf" }))).toBeUndefined();
    expect(saidIn(line("kill", { signal: "1" }))).toBeUndefined();
    expect(saidIn(line("kill", { signal: "9" }))).toMatchObject({ action: "kill" });
  });
});

describe("an answer of the Observer", () => {
  const answer = (status: number, retryAfterSeconds?: number) =>
    outcomeOf({ status, retryAfterSeconds, text: "" }, "");

  it.each([401, 403])("of %i refuses the token", (status) => {
    expect(answer(status).kind).toBe("refused");
  });

  it.each([400, 404, 405, 413, 415])("of %i will be the same another time", (status) => {
    expect(answer(status).kind).toBe("unfit");
  });

  it.each([200, 301, 408, 429, 500, 503])("of %i passes", (status) => {
    expect(answer(status).kind).toBe("away");
  });

  it("says when to come again, and is believed for ten minutes at most", () => {
    expect(answer(503, 5)).toMatchObject({ afterMs: 5000 });
    expect(answer(503)).toMatchObject({ afterMs: 0 });
    expect(answer(503, 86_400)).toMatchObject({ afterMs: 600_000 });
  });
});

describe("pauses", () => {
  it("double from the first to the longest, and are never the same for all", () => {
    const pauses = { firstMs: 500, longestMs: 30_000 };
    const longest = [1, 2, 3, 7, 8, 1000].map((failures) => backoffMs(pauses, failures, 1));
    expect(longest).toEqual([500, 1000, 2000, 30_000, 30_000, 30_000]);
    expect(backoffMs(pauses, 1, 0)).toBe(250);
    expect(backoffMs(pauses, 1000, 0)).toBe(15_000);
  });
});

describe("what waits to be told", () => {
  const noted = (kind: "alive" = "alive") => ({ time: NOW, happening: { kind } as const });
  const NOW = "2026-11-26T10:00:00.000Z";

  it("goes into batches that the contract allows", () => {
    const outbox = new Outbox();
    for (let turn = 0; turn < 1200; turn += 1) outbox.add(noted());
    const sizes = [1, 501, 1001].map((first) => outbox.take(first, [], NOW).length);
    expect(sizes).toEqual([MOST_EVENTS, MOST_EVENTS, 200]);
    expect(outbox.isEmpty).toBe(true);
  });

  it("is cut at a MiB, too", () => {
    const outbox = new Outbox();
    const large = look(Array.from({ length: 1500 }, (_, at) => container(`c${at}`)));
    for (let turn = 0; turn < 3; turn += 1) {
      outbox.beginLook();
      outbox.endLook({ time: NOW, happening: large });
    }
    const batch = outbox.take(1, [], NOW);
    expect(batch.length).toBeGreaterThan(0);
    expect(batch.length).toBeLessThan(3);
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(1024 * 1024);
  });

  it("holds no look that fits into no batch: that it is missing is told instead", () => {
    const outbox = new Outbox();
    const names = Array.from({ length: 2000 }, (_, at) => `${at}${"x".repeat(100)}`);
    const large = look(names.map((name) => container(name, { image: "y".repeat(400) })));
    outbox.beginLook();
    outbox.endLook({ time: NOW, happening: large });
    outbox.add(noted());
    const kinds = outbox.take(1, [], NOW).map(({ happening: each }) => each.kind);
    expect(kinds).toEqual(["gap", "alive"]);
  });

  it("holds no boot that fits into no batch, and what comes after it is told", () => {
    const outbox = new Outbox();
    const why = "y".repeat(500);
    const services = Array.from({ length: 2000 }, (_, at) => ({
      ...{ service: `s${at}`, outcome: "failed", waits: [], started: null, settled: 1, why },
    })) satisfies ToldBoot["services"];
    const boot: ToldBoot = { began: NOW, seconds: 1, gates: [], services };
    expect(outbox.add({ time: NOW, happening: { kind: "boot", ...boot } })).toBe(false);
    outbox.add(noted());
    const kinds = outbox.take(1, [], NOW).map(({ happening: each }) => each.kind);
    expect(kinds).toEqual(["gap", "alive"]);
  });

  it("has a look where it began, also when what stood before it was forgotten", () => {
    const outbox = new Outbox(2);
    outbox.add(noted());
    outbox.beginLook();
    outbox.add(noted());
    outbox.add(noted());
    outbox.endLook({ time: NOW, happening: look([]) });
    const kinds = outbox.take(1, [], NOW).map(({ happening: each }) => each.kind);
    expect(kinds).toEqual(["gap", "look", "alive", "alive"]);
  });
});

/** Where the marks of a host lie that has none yet. */
function newPlaces() {
  const folder = mkdtempSync(join(tmpdir(), "marks-"));
  return {
    maintenance: join(folder, "maintenance"),
    held: join(folder, "held"),
    deploying: join(folder, "deploying"),
  };
}

describe("what stands on a host", () => {
  const plan = planOf([{ name: "web", requires: [hard("gate:nas-media")] }], { "nas-media": 10 });
  const state = (at: "closed" | "stale" | "unknown") => ({
    ...initialState(plan),
    gates: new Map([
      ["gate:nas-media", { at, seen: "x\u0000", was: "closed", underWay: false } as never],
    ]),
    services: new Map([["web", { at: "held", by: "gate:nas-media" } as const]]),
  });

  it("is told in the contract's words, of every gate that was looked at", () => {
    for (const at of ["closed", "stale"] as const) {
      const changes = changesBetween({ gates: [], held: [] }, standingIn(state(at)));
      expect(changes.map(({ kind }) => kind)).toEqual(["gate", "held"]);
      for (const change of changes) expect(happening.safeParse(change).error).toBeUndefined();
    }
    expect(standingIn(state("unknown")).gates).toEqual([]);
  });

  it("is not told again where nothing changed", () => {
    const standing = standingIn(state("closed"));
    expect(changesBetween(standing, standingIn(state("closed")))).toEqual([]);
  });

  it("makes a look that the contract allows, whatever a plan or a mark says", () => {
    const places = newPlaces();
    writeFileSync(places.maintenance, "by hand");
    writeFileSync(places.held, "");
    writeFileSync(places.deploying, "");
    const marks = readMarks(Date.now(), places);
    expect(marks.hold).toEqual({ by: "unknown", commit: null });
    expect(marks.deploying).toBe(true);
    const odd = { ...planWith(["web", "-rf"]), commit: "unknown" };
    const lookWith = (plan: typeof odd) => {
      const standing = standingIn(state("closed"));
      return lookOf({
        engine: { answers: true, containers: [] },
        standing,
        marks,
        plan,
        backups: [],
      });
    };
    const made = lookWith(odd);
    expect(happening.safeParse(made).error).toBeUndefined();
    expect(made.plan).toEqual({ digest: "d".repeat(16), commit: null, services: ["web"] });
    expect(lookWith({ ...odd, digest: "none" }).plan).toBeNull();
  });

  it("has a maintenance until it is over, and a hold with its commit", () => {
    const places = newPlaces();
    const now = Date.parse("2026-11-26T10:00:00Z");
    expect(readMarks(now, places)).toEqual({ maintenance: null, hold: null, deploying: false });
    const until = "2026-11-26T12:00:00+01:00";
    writeFileSync(places.maintenance, JSON.stringify({ until, reason: "disk", by: "anna" }));
    writeFileSync(
      places.held,
      JSON.stringify({ by: "anna", commit: "e".repeat(40), receipt: "r" }),
    );
    expect(readMarks(now, places)).toEqual({
      maintenance: { reason: "disk", by: "anna", until: "2026-11-26T11:00:00.000Z" },
      hold: { by: "anna", commit: "e".repeat(40) },
      deploying: false,
    });
    expect(readMarks(now + 3_600_000, places).maintenance).toBeNull();
  });
});
