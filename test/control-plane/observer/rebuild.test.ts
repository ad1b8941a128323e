import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  readdirSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Happening } from "../../../control-plane/contract/events.ts";
import { parseHostWorld } from "../../../control-plane/contract/world.ts";
import type { Observer } from "../../../control-plane/observer/observer.ts";
import { alive, batch, linesOnDisk, logFiles, newRoot, observe, worldOnDisk } from "./room.ts";
import { container, engine, hello, look, stream } from "./said.ts";

const CHECKPOINT = "state/observer_checkpoint.json";
const DOOR = { denied: 0, withoutToken: [] };

const begun = [hello, look([container("jellyfin"), container("samba")])];

const happenings = fc.oneof(
  fc.constant<Happening>({ kind: "alive" }),
  fc.constant<Happening>({ kind: "gap", reason: "the engine restarted" }),
  fc.constant<Happening>(hello),
  fc.constant<Happening>(look([container("jellyfin")])),
  fc.boolean().map((open): Happening => ({ kind: "gate", gate: "media", open, seen: "" })),
  fc
    .tuple(
      fc.constantFrom("jellyfin", "samba", "constructor"),
      fc.constantFrom("start", "die", "kill", "healthy", "destroy"),
    )
    .map(([name, action]) => engine(name, action)),
);

/** What hosts may send: in any order, twice, with holes, in other streams. */
const sent = fc.array(
  fc.record({
    host: fc.constantFrom("nas", "vps"),
    from: fc.constantFrom("1", "2", "3"),
    first: fc.integer({ min: 1, max: 12 }),
    all: fc.array(happenings, { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Deletes the checkpoint, starts anew, and answers the files of the world before and after. */
async function rebuilt(root: string, observer: Observer): Promise<[object, object, Observer]> {
  await observer.close();
  const before = worldOnDisk(root);
  rmSync(join(root, CHECKPOINT), { force: true });
  rmSync(join(root, "world"), { recursive: true });
  const again = await observe(root);
  return [before, worldOnDisk(root), again];
}

describe("the world on the disk", () => {
  it("is built again to the byte when the checkpoint is deleted, whatever was sent (R30)", async () => {
    await fc.assert(
      fc.asyncProperty(sent, async (batches) => {
        const root = newRoot();
        const observer = await observe(root, { segmentBytes: 2000 });
        for (const { host, from, first, all } of batches) {
          await observer.take(batch(host, first, all, stream(from)));
          if (first % 5 === 0) await observer.listened(60);
        }
        const [before, after, again] = await rebuilt(root, observer);
        await again.close();
        rmSync(root, { recursive: true });
        expect(after).toEqual(before);
      }),
      { numRuns: 15 },
    );
  });

  it("is the same from a checkpoint and from the first line", async () => {
    const root = newRoot();
    const observer = await observe(root);
    await observer.take(batch("nas", 1, begun));
    await observer.writeCheckpoint();
    await observer.take(batch("nas", 3, [engine("jellyfin", "die")]));
    // Killed: neither world nor checkpoint know of it.
    const fromCheckpoint = await observe(root);
    const before = worldOnDisk(root);
    expect(fromCheckpoint.health(DOOR).read.lines).toBe(1);
    const [, after, again] = await rebuilt(root, fromCheckpoint);
    expect(again.health(DOOR).read.lines).toBeGreaterThan(4);
    expect(after).toEqual(before);
    expect(parseHostWorld(worldOnDisk(root)["nas.json"] ?? "")?.services["jellyfin"]?.state).toBe(
      "exited",
    );
  });

  it("outlives the days that are removed, for a snapshot stands for them", async () => {
    const root = newRoot();
    let now = Date.UTC(2026, 10, 1);
    const keep = { days: 3, bytes: 1024 ** 3 };
    const observer = await observe(root, { keep, now: () => now });
    await observer.take(batch("vps", 1, begun));
    for (let day = 0; day < 9; day += 1) {
      await observer.take(batch("nas", 1 + 2 * day, [...begun]));
      await observer.trim();
      now += 86_400_000;
    }
    const days = readdirSync(join(root, "events")).filter((name) => name !== "snapshots");
    expect(days).toEqual(["2026-11-07", "2026-11-08", "2026-11-09"]);
    const [before, after, again] = await rebuilt(root, observer);
    expect(after).toEqual(before);
    expect(again.health(DOOR).read.missing).toBe(0);
  });

  it("outlives what is removed because it takes too many bytes, and the newest file stays (R29)", async () => {
    const root = newRoot();
    const keep = { days: 30, bytes: 5000 };
    const observer = await observe(root, { keep, segmentBytes: 2000 });
    for (let turn = 0; turn < 30; turn += 1) {
      await observer.take(batch("nas", 1 + 10 * turn, alive(10)));
      await observer.trim();
      expect(observer.health(DOOR).kept.bytes).toBeLessThan(5000 + 4000);
    }
    expect(logFiles(root).length).toBeLessThan(5);
    const [before, after] = await rebuilt(root, observer);
    expect(after).toEqual(before);
  });

  it("survives a torn line, garbage, a day that is there twice and a stranger's file, and counts them (R30)", async () => {
    const root = newRoot();
    const observer = await observe(root);
    await observer.take(batch("nas", 1, begun));
    await observer.close();
    const before = worldOnDisk(root);
    const [path = ""] = logFiles(root);
    cpSync(join(path, ".."), join(root, "events/2031-01-01"), { recursive: true });
    writeFileSync(join(root, "events/notes.txt"), "a person was here");
    appendFileSync(path, "\u0000\u0000\u0000\n{}\nnot a line\n");
    appendFileSync(path, readFileSync(path, "utf8").split("\n")[1]?.slice(0, -10) ?? "");
    rmSync(join(root, CHECKPOINT));
    const again = await observe(root);
    expect(worldOnDisk(root)).toEqual(before);
    expect(again.health(DOOR).read).toEqual({
      lines: 4,
      torn: 1,
      garbage: 3,
      duplicates: 4,
      missing: 0,
    });
    // The next start reads what this one wrote behind all that.
    await again.take(batch("nas", 3, [engine("jellyfin", "die")]));
    const [one, other] = await rebuilt(root, again);
    expect(other).toEqual(one);
  });

  it("says of every service that it is unknown when a line in the middle is changed", async () => {
    const root = newRoot();
    const observer = await observe(root);
    await observer.take(batch("nas", 1, [...begun, engine("samba", "die"), ...alive(1)]));
    await observer.close();
    const [path = ""] = logFiles(root);
    writeFileSync(path, readFileSync(path, "utf8").replace('"action":"die"', '"action":"oom"'));
    rmSync(join(root, CHECKPOINT));
    const again = await observe(root);
    expect(again.health(DOOR).read).toMatchObject({ garbage: 1, missing: 1 });
    const world = parseHostWorld(worldOnDisk(root)["nas.json"] ?? "");
    expect(world?.services["samba"]).toMatchObject({ state: "unknown", was: "healthy" });
  });

  it.each(["", "{", "[]", '{"version":1,"sha256":"0","facts":{"sequence":9,"hosts":{}}}', "null"])(
    "is built from the log when the checkpoint is %j, which is kept aside (R13)",
    async (text) => {
      const root = newRoot();
      const observer = await observe(root);
      await observer.take(batch("nas", 1, begun));
      await observer.close();
      const before = worldOnDisk(root);
      writeFileSync(join(root, CHECKPOINT), text);
      await (await observe(root)).close();
      expect(worldOnDisk(root)).toEqual(before);
      const kept = readdirSync(join(root, "state")).filter((name) => name.includes(".corrupt-"));
      expect(kept).toHaveLength(1);
    },
  );

  it("keeps its order when the clock is put back or a year ahead (R18)", async () => {
    const root = newRoot();
    const times = ["2026-11-26T10", "2027-11-26T10", "2026-11-25T10", "2026-11-26T11"];
    let at = 0;
    const now = (): number => Date.parse(`${times[at]}:00:00.000Z`);
    const observer = await observe(root, { now });
    await observer.take(batch("nas", 1, begun));
    for (at = 1; at < times.length; at += 1) {
      const action = at === 3 ? "healthy" : "die";
      await observer.take(batch("nas", 2 + at, [engine("jellyfin", action)]));
    }
    at = 3;
    expect(observer.health(DOOR).taken.clockWentBack).toBe(1);
    const [before, after] = await rebuilt(root, observer);
    expect(after).toEqual(before);
    const world = parseHostWorld(worldOnDisk(root)["nas.json"] ?? "");
    expect(world?.services["jellyfin"]).toMatchObject({
      state: "healthy",
      at: "2026-11-26T11:00:00.000Z",
    });
  });

  it("begins a file of its own at each start, so that half a line is never written on", async () => {
    const root = newRoot();
    const first = await observe(root);
    await first.take(batch("nas", 1, begun));
    const [path = ""] = logFiles(root);
    truncateSync(path, readFileSync(path).length - 5);
    const second = await observe(root);
    expect(await second.take(batch("nas", 1, begun))).toMatchObject({ duplicates: 1, upTo: 2 });
    expect(logFiles(root)).toHaveLength(2);
    expect(linesOnDisk(root).filter(({ host }) => host === "nas")).toHaveLength(2);
  });

  it("has no file for a host that is not declared any more", async () => {
    const root = newRoot();
    await (await observe(root)).close();
    expect(existsSync(join(root, "world/nas.json"))).toBe(true);
    await observe(root, { silentAfterSeconds: { vps: 60 } });
    expect(Object.keys(worldOnDisk(root))).toEqual(["vps.json"]);
  });
});
