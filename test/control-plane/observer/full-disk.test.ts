import { describe, expect, it } from "vitest";
import { NotWritable } from "../../../control-plane/observer/ledger.ts";
import { alive, batch, linesOnDisk, newRoot, observe, worldOnDisk } from "./room.ts";
import { ImitatedDisk } from "./imitated-disk.ts";
import { container, engine, hello, look } from "./said.ts";

const DOOR = { denied: 0, withoutToken: [] };
const begun = [hello, look([container("jellyfin")])];

describe("a full disk", () => {
  it("stops acknowledging, says so, leaves the world readable, and goes on by itself when there is room (R29)", async () => {
    const root = newRoot();
    const disk = new ImitatedDisk();
    const observer = await observe(root, {}, disk);
    await observer.take(batch("nas", 1, begun));
    await observer.writeWorld();
    const before = worldOnDisk(root);
    disk.isFull = true;
    const event = batch("nas", 3, [engine("jellyfin", "die")]);
    await expect(observer.take(event)).rejects.toBeInstanceOf(NotWritable);
    await observer.writeWorld();
    await observer.writeCheckpoint();
    expect(worldOnDisk(root)).toEqual(before);
    expect(observer.health(DOOR)).toMatchObject({
      writable: false,
      problem: expect.stringContaining("ENOSPC") as string,
    });
    disk.isFull = false;
    expect(await observer.take(event)).toMatchObject({ upTo: 3, duplicates: 0 });
    await observer.writeWorld();
    await observer.writeCheckpoint();
    expect(observer.health(DOOR)).toMatchObject({ writable: true, problem: null });
    expect(worldOnDisk(root)["nas.json"]).toContain('"exited"');
  });

  it.each([
    { room: 0, isStuck: false },
    { room: 40, isStuck: false },
    { room: 100_000, isStuck: false },
    { room: 0, isStuck: true },
    { room: 40, isStuck: true },
    { room: 300, isStuck: true },
    { room: 100_000, isStuck: true },
  ])(
    "that took part of a batch loses and doubles nothing: $room bytes, stuck $isStuck",
    async ({ room, isStuck }) => {
      const root = newRoot();
      const disk = new ImitatedDisk();
      const observer = await observe(root, {}, disk);
      await observer.take(batch("nas", 1, begun));
      Object.assign(disk, { isFull: true, room, isStuck });
      const events = batch("nas", 3, alive(5));
      await expect(observer.take(events)).rejects.toBeInstanceOf(NotWritable);
      // What went in whole and could not be taken away is found by then, and acknowledged.
      await observer.take(events).catch(() => undefined);
      Object.assign(disk, { isFull: false, isStuck: false });
      expect((await observer.take(events)).upTo).toBe(7);
      await observer.close();
      const numbers = linesOnDisk(root)
        .filter(({ host }) => host === "nas")
        .map(({ number }) => number);
      expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7]);
      const before = worldOnDisk(root);
      await observe(root);
      expect(worldOnDisk(root)).toEqual(before);
    },
  );

  it("lets it start, and read", async () => {
    const root = newRoot();
    const first = await observe(root);
    await first.take(batch("nas", 1, begun));
    await first.close();
    const before = worldOnDisk(root);
    const disk = new ImitatedDisk();
    disk.isFull = true;
    const observer = await observe(root, {}, disk);
    expect(observer.health(DOOR).writable).toBe(false);
    expect(observer.facts.hosts["nas"]?.services["jellyfin"]?.state).toBe("healthy");
    expect(worldOnDisk(root)).toEqual(before);
  });

  it("is freed by the caps all the same, as far as a snapshot was written while there was room", async () => {
    const root = newRoot();
    const disk = new ImitatedDisk();
    let now = Date.UTC(2026, 10, 1);
    const observer = await observe(
      root,
      { keep: { days: 2, bytes: 1024 ** 3 }, now: () => now },
      disk,
    );
    for (let day = 0; day < 3; day += 1) {
      await observer.take(batch("nas", 1 + day, alive(1)));
      if (day < 2) await observer.trim();
      now += 86_400_000;
    }
    disk.isFull = true;
    await observer.trim();
    // The snapshot of the new day could not be written; that of the day before covers the first.
    expect(observer.health(DOOR).kept.since).toBe("2026-11-02");
  });
});

describe("what comes at once", () => {
  it("is synced together, and each is told its own", async () => {
    const root = newRoot();
    const disk = new ImitatedDisk();
    const observer = await observe(root, {}, disk);
    disk.syncs = 0;
    const all = Array.from({ length: 20 }, (_, at) => batch("nas", 1 + at, alive(1)));
    const receipts = await Promise.all(all.map((each) => observer.take(each)));
    expect(receipts.map(({ upTo }) => upTo)).toEqual(all.map((_, at) => at + 1));
    expect(disk.syncs).toBeGreaterThan(0);
    expect(disk.syncs).toBeLessThan(4);
  });
});

describe("silence", () => {
  it("makes one host unreachable after its own time, while the others are heard", async () => {
    const observer = await observe(newRoot(), { silentAfterSeconds: { nas: 30, vps: 90 } });
    await observer.take(batch("nas", 1, begun));
    await observer.take(batch("vps", 1, begun));
    await observer.listened(29);
    expect(observer.facts.hosts["nas"]?.freshness.state).toBe("fresh");
    await observer.listened(1);
    expect(observer.facts.hosts["nas"]?.freshness.state).toBe("unreachable");
    expect(observer.facts.hosts["vps"]?.freshness.state).toBe("fresh");
    await observer.take(batch("nas", 3, alive(1)));
    expect(observer.facts.hosts["nas"]?.freshness.state).toBe("fresh");
  });

  it("does not begin before the Observer listens", async () => {
    const root = newRoot();
    let now = Date.UTC(2026, 10, 1);
    const first = await observe(root, { now: () => now });
    await first.take(batch("nas", 1, begun));
    await first.close();
    now += 86_400_000;
    const second = await observe(root, { now: () => now });
    await second.listened(1);
    expect(second.facts.hosts["nas"]?.freshness.state).toBe("fresh");
  });
});

describe("what this version cannot read", () => {
  it("is noted and holds up nothing; one that it should understand leaves a gap", async () => {
    const observer = await observe(newRoot());
    await observer.take(batch("nas", 1, begun));
    const later = await observer.take(
      batch("nas", 3, [{ kind: "of a later version" }, ...alive(1)]),
    );
    expect(later).toMatchObject({ upTo: 4, refused: [3], lookWanted: false });
    const wrong = { ...engine("jellyfin", "die"), container: "../../info" };
    const receipt = await observer.take(batch("nas", 5, [wrong]));
    expect(receipt).toMatchObject({ upTo: 5, refused: [5], lookWanted: true });
    expect(await observer.take(batch("nas", 5, [wrong]))).toMatchObject({ duplicates: 1 });
  });
});
