import { describe, expect, it } from "vitest";
import type { HostWorld } from "../../../control-plane/contract/world.ts";
import { NOTHING } from "../../../control-plane/fold/facts.ts";
import { fold } from "../../../control-plane/fold/fold.ts";
import { worldOf } from "../../../control-plane/fold/project.ts";
import { container, engine, hello, id, Lines, look, stream, timeOf } from "./said.ts";

const declared = { kind: "declared", silentAfterSeconds: { nas: 60, vps: 60 } } as const;

function begun(): Lines {
  return new Lines().note(declared);
}

function worldAfter(lines: Lines, host = "nas"): HostWorld {
  const facts = lines.all.reduce(fold, NOTHING).hosts[host];
  if (!facts) throw new Error(`there is no ${host}`);
  return worldOf(host, facts);
}

function stateAfter(lines: Lines, service = "jellyfin"): string | undefined {
  return worldAfter(lines).services[service]?.state;
}

const looked = (): Lines =>
  begun()
    .say("nas", hello)
    .say("nas", look([container("jellyfin")]));

describe("the world", () => {
  it("knows nothing of a host that was never heard, and calls nothing of it missing", () => {
    const world = worldAfter(begun());
    expect(world.freshness).toMatchObject({ state: "unknown", heard: null });
    expect(world.services).toEqual({});
  });

  it("has what a look finds", () => {
    const world = worldAfter(looked());
    expect(world.freshness.state).toBe("fresh");
    expect(world.services["jellyfin"]).toMatchObject({
      state: "healthy",
      planned: true,
      at: timeOf(3),
    });
    expect(world.gap).toBeNull();
  });

  it("follows what the engine says, from a crash to the next start", () => {
    const lines = looked().say("nas", engine("jellyfin", "die", { exitCode: 137 }));
    expect(worldAfter(lines).services["jellyfin"]).toMatchObject({
      state: "exited",
      asked: false,
      since: timeOf(4),
      container: { exitCode: 137 },
    });
    expect(stateAfter(lines.say("nas", engine("jellyfin", "start")))).toBe("starting");
    expect(stateAfter(lines.say("nas", engine("jellyfin", "healthy")))).toBe("healthy");
  });

  it("takes up no new names without end but by a look, and wants one", () => {
    const lines = looked();
    for (let at = 0; at < 505; at += 1) {
      const name = `made-up-${at}`;
      lines.say("nas", engine(name, "create"));
      lines.say("nas", { kind: "held", service: name, by: "gate:x" });
      lines.say("nas", { kind: "gate", gate: name, open: true, seen: "" });
      lines.say("nas", { kind: "backup", job: name, ageSeconds: 1 });
    }
    const world = worldAfter(lines);
    const sizes = [world.services, world.gates, world.backups].map((of) => Object.keys(of).length);
    expect(sizes).toEqual([500, 500, 500]);
    expect(world.gap?.reason).toMatch(/more than there is room for/);
    const many = Array.from({ length: 700 }, (_, at) => container(`real-${at}`));
    lines.say("nas", look(many)).say("nas", engine("real-699", "die"));
    const { services } = worldAfter(lines);
    expect(Object.keys(services)).toHaveLength(700);
    expect(services["real-699"]).toMatchObject({ state: "exited" });
  });

  it("remembers no more holes than it has room for, however the numbers come", () => {
    const lines = looked().say("nas", { kind: "alive" }, stream("1"), 10_000);
    for (let number = 5; number < 2000; number += 2) {
      lines.say("nas", { kind: "alive" }, stream("1"), number);
    }
    const { source } = lines.all.reduce(fold, NOTHING).hosts["nas"] ?? {};
    expect(source?.holes.length).toBeLessThanOrEqual(64);
  });

  it("tells a service that somebody stopped from one that ended by itself", () => {
    const lines = looked()
      .say("nas", engine("jellyfin", "kill"))
      .say("nas", engine("jellyfin", "die"));
    expect(worldAfter(lines).services["jellyfin"]).toMatchObject({ state: "exited", asked: true });
  });

  it("does not take the end of a container for the end of the one in its place", () => {
    const other = { id: id("e") };
    const lines = looked()
      .say("nas", engine("jellyfin", "create", other))
      .say("nas", engine("jellyfin", "start", other))
      .say("nas", engine("jellyfin", "die"))
      .say("nas", engine("jellyfin", "destroy"));
    expect(stateAfter(lines)).toBe("starting");
    expect(worldAfter(lines).services["jellyfin"]?.container?.id).toBe(id("e"));
  });

  it("calls missing what an engine that answers has not, and only that (R6)", () => {
    const plan = { digest: "d".repeat(16), commit: null, services: ["jellyfin", "samba"] };
    const lines = looked().say("nas", look([container("jellyfin")], { plan }));
    expect(stateAfter(lines, "samba")).toBe("missing");
    const silent = { answers: false, reason: "no answer within 10 s" } as const;
    const unanswered = looked().say("nas", look([], { plan, engine: silent }));
    expect(worldAfter(unanswered).services["jellyfin"]).toMatchObject({
      state: "unknown",
      was: "healthy",
      reason: "no answer within 10 s",
    });
    expect(worldAfter(unanswered).engine).toMatchObject({ state: "away" });
  });

  it("calls everything of a silent host unreachable, never missing, and leaves the others as they are", () => {
    const lines = looked()
      .say("vps", hello)
      .say("vps", look([container("caddy")]))
      .note({ kind: "silent", host: "nas" });
    const nas = worldAfter(lines);
    expect(nas.freshness).toMatchObject({
      state: "unreachable",
      since: timeOf(6),
      heard: timeOf(3),
    });
    expect(nas.services["jellyfin"]).toMatchObject({ state: "unreachable", was: "healthy" });
    expect(nas.engine.state).toBe("unreachable");
    expect(worldAfter(lines, "vps").services["caddy"]?.state).toBe("healthy");
  });

  it("is itself again when the host is heard again", () => {
    const lines = looked().note({ kind: "silent", host: "nas" }).say("nas", { kind: "alive" });
    expect(worldAfter(lines).freshness).toMatchObject({ state: "fresh", since: timeOf(5) });
    expect(stateAfter(lines)).toBe("healthy");
  });

  it("does not know after a gap what was so before it, until it is said again (R2)", () => {
    const lines = begun()
      .say("nas", hello)
      .say("nas", look([container("jellyfin"), container("samba")]))
      .say("nas", { kind: "gap", reason: "the engine restarted" })
      .say("nas", engine("samba", "healthy"));
    expect(worldAfter(lines).services["jellyfin"]).toMatchObject({
      state: "unknown",
      was: "healthy",
      reason: "the engine restarted",
    });
    expect(stateAfter(lines, "samba")).toBe("healthy");
    lines.say("nas", { kind: "gap", reason: "the stream broke" });
    expect(stateAfter(lines, "samba")).toBe("unknown");
    lines.say("nas", look([container("jellyfin"), container("samba")]));
    expect(stateAfter(lines)).toBe("healthy");
  });

  it("doubts what it knows when a number never came, and counts it", () => {
    const lines = looked().say("nas", { kind: "alive" }, stream("1"), 6);
    expect(worldAfter(lines).counts).toMatchObject({ lost: 3, late: 0 });
    expect(stateAfter(lines)).toBe("unknown");
  });

  it("does not let something late undo what came before it, and asks for a look", () => {
    const lines = looked()
      .say("nas", engine("jellyfin", "start"), stream("1"), 4)
      .say("nas", engine("jellyfin", "die"), stream("1"), 3);
    expect(worldAfter(lines).counts).toMatchObject({ lost: 0, late: 1 });
    expect(worldAfter(lines).services["jellyfin"]).toMatchObject({
      state: "unknown",
      was: "starting",
    });
  });

  it("is the same when a line of the log is there twice under two numbers (R2)", () => {
    const once = looked().say("nas", engine("jellyfin", "die", { exitCode: 1 }));
    const before = worldAfter(once);
    once.say("nas", engine("jellyfin", "start"), stream("1"), 3);
    expect({ ...worldAfter(once), sequence: 0 }).toEqual({ ...before, sequence: 0 });
  });

  it("takes a program that began anew for a gap, and what the one before still says for late", () => {
    const lines = looked().say("nas", hello, stream("2"));
    expect(stateAfter(lines)).toBe("unknown");
    lines.say("nas", look([container("jellyfin")]), stream("2"));
    expect(stateAfter(lines)).toBe("healthy");
    lines.say("nas", engine("jellyfin", "die"), stream("1"));
    expect(worldAfter(lines).services["jellyfin"]).toMatchObject({
      state: "unknown",
      was: "healthy",
    });
  });

  it("says of every service that lines are gone from the log", () => {
    const lines = looked();
    const hole = [...lines.all, { ...lines.say("vps", hello).all.at(-1)!, sequence: 9 }];
    const nas = hole.reduce(fold, NOTHING).hosts["nas"];
    expect(worldOf("nas", nas!).services["jellyfin"]).toMatchObject({
      state: "unknown",
      reason: "lines 4 to 8 of the log are gone",
    });
  });

  it("has gates, held services, backups, maintenance and holds, each with when it was said", () => {
    const lines = looked().say(
      "nas",
      look([container("jellyfin")], {
        gates: [{ gate: "media", open: false, seen: "not mounted" }],
        held: [{ service: "jellyfin", by: "gate:media" }],
        backups: [{ job: "photos", ageSeconds: 90 }],
        maintenance: { reason: "new disk", by: "oskar", until: null },
        hold: { by: "oskar", commit: null },
      }),
    );
    lines.say("nas", { kind: "backup", job: "photos", ageSeconds: 0 });
    const world = worldAfter(lines);
    expect(world.gates["media"]).toMatchObject({
      state: "closed",
      seen: "not mounted",
      at: timeOf(4),
    });
    expect(world.services["jellyfin"]?.heldBy).toBe("gate:media");
    expect(world.backups["photos"]).toEqual({ ageSeconds: 0, at: timeOf(5) });
    expect(world.maintenance?.reason).toBe("new disk");
    expect(world.hold?.by).toBe("oskar");
    lines.say("nas", { kind: "gate", gate: "media", open: true, seen: "" });
    lines.say("nas", { kind: "held", service: "jellyfin", by: null });
    expect(worldAfter(lines).gates["media"]?.state).toBe("open");
    expect(worldAfter(lines).services["jellyfin"]?.heldBy).toBeNull();
  });

  it("has a service by the name of something that every object has", () => {
    const lines = begun().say("nas", hello).say("nas", engine("constructor", "start"));
    expect(stateAfter(lines, "constructor")).toBe("running");
  });

  it("shows how far the host's clock is from ours, and counts no age by it (R18)", () => {
    const lines = looked();
    const last = lines.say("nas", { kind: "alive" }).all.pop();
    const odd = { ...last!, time: "2026-11-26T08:00:00.000Z" } as (typeof lines.all)[number];
    lines.all.push(odd);
    expect(worldAfter(lines).clockAheadSeconds).toBe(-7204);
    expect(worldAfter(lines).freshness.heard).toBe(timeOf(4));
  });

  it("leaves the facts before a line as they were", () => {
    const before = looked().all.reduce(fold, NOTHING);
    const kept = JSON.stringify(before);
    looked()
      .say("nas", engine("jellyfin", "die"))
      .say("nas", engine("samba", "start"))
      .all.slice(-2)
      .reduce(fold, before);
    expect(JSON.stringify(before)).toBe(kept);
  });

  it("drops a host that is not declared any more", () => {
    const lines = looked().note({ kind: "declared", silentAfterSeconds: { vps: 60 } });
    lines.say("nas", { kind: "alive" });
    expect(Object.keys(lines.all.reduce(fold, NOTHING).hosts)).toEqual(["vps"]);
  });
});
