import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordOf } from "../../../../control-plane/fold/record.ts";
import { linesOf } from "../../../../control-plane/operator-ui/page/log-lines.ts";
import { PastReader } from "../../../../control-plane/operator-ui/page/past.ts";
import { container, hello, Lines, look, timeOf } from "../../observer/said.ts";

const NOW = Date.parse("2026-11-27T10:00:00.000Z");
const folder = (): string => mkdtempSync(join(tmpdir(), "log-lines-"));

async function sequencesIn(path: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { sequence } of linesOf(path)) found.push(sequence);
  return found;
}

describe("a file of the log", { timeout: 60_000 }, () => {
  it("is read in pieces: its first line is there before its end is", async () => {
    const events = folder();
    mkdirSync(join(events, "2026-11-26"));
    const path = join(events, "2026-11-26", "000000000001.jsonl");
    execFileSync("mkfifo", [path]);
    const [first] = new Lines().note({ kind: "began", build: "b" }).all;
    if (!first) throw new Error("there is no line");
    const end = '{ printf "%s" "$1"; sleep 600; } > "$2"';
    const writer = spawn("sh", ["-c", end, "sh", recordOf(first), path], { detached: true });
    try {
      const past = await new PastReader(events).read(undefined, NOW);
      expect(past.from).toBe(timeOf(1));
    } finally {
      if (writer.pid !== undefined) process.kill(-writer.pid);
    }
  });

  it("has the lines that were written, whichever piece they end in, and no half of one", async () => {
    const lines = new Lines().note({ kind: "declared", silentAfterSeconds: { nas: 60 } });
    lines.say("nas", hello);
    const names = Array.from({ length: 60 }, (_, at) => `service-${at}`);
    for (let turn = 0; turn < 40; turn += 1) {
      lines.say("nas", look(names.map((name) => container(name))));
    }
    const path = join(folder(), "log");
    const text = lines.all.map(recordOf).join("");
    writeFileSync(path, text.slice(0, -10));
    const all = lines.all.map(({ sequence }) => sequence);
    expect(text.length).toBeGreaterThan(3 * 128 * 1024);
    expect(await sequencesIn(path)).toEqual(all.slice(0, -1));
  });

  it("may hold a line without an end for longer than any line is, which is passed over", async () => {
    const { all } = new Lines()
      .note({ kind: "declared", silentAfterSeconds: { nas: 60 } })
      .say("nas", hello);
    const path = join(folder(), "log");
    writeFileSync(path, all.map(recordOf).join(`${"x".repeat(5 * 1024 ** 2)}\n`));
    expect(await sequencesIn(path)).toEqual([1, 2]);
    expect(await sequencesIn(`${path}-gone`)).toEqual([]);
  });
});
