import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventsSchema } from "../../../../control-plane/contract/page-api.ts";
import { eventsIn } from "../../../../control-plane/operator-ui/page/event-log.ts";
import { alive, batch, logFiles, newRoot, observe } from "../../observer/room.ts";
import { container, engine, hello, look } from "../../observer/said.ts";

/** A log as an Observer writes it, in two files, with much that is not told. */
async function logged(): Promise<{ readonly root: string; readonly folder: string }> {
  const root = newRoot();
  const first = await observe(root);
  await first.take(batch("nas", 1, [hello, look([container("files")]), engine("files", "die")]));
  await first.take(batch("vps", 1, [hello, look([container("caddy")]), ...alive(3)]));
  await first.close();
  const second = await observe(root);
  await second.take(
    batch("nas", 4, [engine("files", "start"), ...alive(1), engine("files", "healthy")]),
  );
  await second.close();
  return { root, folder: join(root, "events") };
}

const all = { limit: 200 };

describe("the events of the page", () => {
  it("are the newest first, from all files of the log, without signs of life and full looks", async () => {
    const { folder } = await logged();
    const page = eventsSchema.parse(await eventsIn(folder, all));
    const sequences = page.events.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => b - a));
    expect(page.events.filter(({ kind }) => kind === "engine").map(({ text }) => text)).toEqual([
      "healthy",
      "start",
      "die",
    ]);
    expect(page.events.some(({ kind }) => kind === "alive" || kind === "look")).toBe(false);
    expect(page.next).toBeNull();
  });

  it("are those of one host where that is asked for", async () => {
    const { folder } = await logged();
    const { events } = await eventsIn(folder, { ...all, host: "vps" });
    expect(new Set(events.map(({ host }) => host))).toEqual(new Set(["vps"]));
  });

  it("are all there, each once, when they are asked for one after the other", async () => {
    const { folder } = await logged();
    const whole = await eventsIn(folder, all);
    const found = [];
    for (let before: number | null = 1e9; before !== null;) {
      const page = await eventsIn(folder, { before, limit: 1 });
      found.push(...page.events);
      before = page.next;
    }
    expect(found).toEqual(whole.events);
  });

  it("pass over what is torn, what is no line, and what else lies there", async () => {
    const { folder } = await logged();
    const { events } = await eventsIn(folder, all);
    const [last = ""] = logFiles(join(folder, "..")).slice(-1);
    appendFileSync(last, 'no line\n{"sum":"00000000","version":1,"sequence":99,"at":"2026');
    mkdirSync(join(folder, "2026-11-27"), { recursive: true });
    writeFileSync(join(folder, "2026-11-27/notes.txt"), "x");
    writeFileSync(join(folder, "readme"), "x");
    expect((await eventsIn(folder, all)).events).toEqual(events);
  });

  it("are those before a line that is too long for one, too", async () => {
    const { folder, root } = await logged();
    const { events } = await eventsIn(folder, all);
    const [first = "", last = ""] = logFiles(root);
    const newer = readFileSync(last, "utf8");
    for (const megabytes of [3, 5]) {
      writeFileSync(last, `${"x".repeat(megabytes * 1024 ** 2)}\n${newer}`);
      appendFileSync(first, `${"\0".repeat(megabytes * 1024 ** 2)}\n`);
      expect((await eventsIn(folder, all)).events).toEqual(events);
    }
    // The Observer's last line, which a power cut left without an end.
    appendFileSync(last, "y".repeat(3 * 1024 ** 2));
    expect((await eventsIn(folder, all)).events).toEqual(events);
  });

  it("are none before anything was written", async () => {
    expect(await eventsIn(join(newRoot(), "events"), all)).toEqual({ events: [], next: null });
  });

  it("are looked for in so much of a long log at once, and the next page goes on from there", async () => {
    const root = newRoot();
    const folder = join(root, "events");
    mkdirSync(join(folder, "2026-11-26"), { recursive: true });
    const at = "2026-11-26T10:00:00.000Z";
    const line = (sequence: number, happening: object) =>
      `${JSON.stringify({ sum: "0".repeat(8), version: 1, sequence, at, from: "host", host: "nas", stream: "1".repeat(32), number: sequence, time: at, happening })}\n`;
    const alive = { kind: "alive", padding: "x".repeat(100_000) };
    const lines = [line(1, { kind: "gap", reason: "a break" })];
    for (let sequence = 2; sequence < 220; sequence += 1) lines.push(line(sequence, alive));
    writeFileSync(join(folder, "2026-11-26/000000000001.jsonl"), lines.join(""));
    const first = await eventsIn(folder, all);
    expect(first.events).toEqual([]);
    expect(first.next).toBeGreaterThan(2);
    const second = await eventsIn(folder, { ...all, before: first.next ?? 0 });
    expect(second.events.map(({ sequence }) => sequence)).toEqual([1]);
  });
});
