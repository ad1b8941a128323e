import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pastSchema } from "../../../../control-plane/contract/page-api.ts";
import { NOTHING } from "../../../../control-plane/fold/facts.ts";
import { factsText } from "../../../../control-plane/fold/facts-file.ts";
import { fold } from "../../../../control-plane/fold/fold.ts";
import { worldOf } from "../../../../control-plane/fold/project.ts";
import { recordOf } from "../../../../control-plane/fold/record.ts";
import { PastReader } from "../../../../control-plane/operator-ui/page/past.ts";
import { container, engine, hello, Lines, look, timeOf } from "../../observer/said.ts";

const NOW = Date.parse("2026-11-27T10:00:00.000Z");
const FILE_LINES = 4;

/** A day in the life of two hosts, one of which goes silent. */
function life(): Lines {
  const lines = new Lines()
    .note({ kind: "declared", silentAfterSeconds: { nas: 60, vps: 60 } })
    .say("nas", hello)
    .say("nas", look([container("files"), container("web")]))
    .say("vps", hello)
    .say("vps", look([container("caddy")]));
  for (const action of ["die", "start", "healthy", "unhealthy", "healthy"] as const) {
    lines.say("nas", engine("files", action)).say("nas", { kind: "alive" });
    lines.say("nas", engine("web", "die", { exitCode: 1 }));
  }
  return lines
    .note({ kind: "silent", host: "vps" })
    .say("nas", { kind: "held", service: "web", by: "files" })
    .say("nas", look([container("files"), container("web")]));
}

/** The log on a disk, in small files. */
function written({ all }: Lines): string {
  const events = mkdtempSync(join(tmpdir(), "past-"));
  mkdirSync(join(events, "2026-11-26"));
  mkdirSync(join(events, "snapshots"));
  for (let at = 0; at < all.length; at += FILE_LINES) {
    writeFileSync(
      pathOf(events, at + 1),
      all
        .slice(at, at + FILE_LINES)
        .map(recordOf)
        .join(""),
    );
  }
  return events;
}

const pathOf = (events: string, first: number): string =>
  join(events, "2026-11-26", `${String(first).padStart(12, "0")}.jsonl`);

function worldsAt({ all }: Lines, sequence: number): Record<string, unknown> {
  const { hosts } = all.slice(0, sequence).reduce(fold, NOTHING);
  return Object.fromEntries(
    Object.entries(hosts).map(([host, facts]) => [host, worldOf(host, facts)]),
  );
}

async function shownAt(reader: PastReader, sequence: number): Promise<Record<string, unknown>> {
  const past = pastSchema.parse(await reader.read(timeOf(sequence), NOW));
  expect(past.moment?.sequence).toBe(sequence);
  return Object.fromEntries(past.moment?.hosts.map((world) => [world.host, world]) ?? []);
}

describe("a moment that is past", () => {
  it("is shown as the Observer knew it then, whichever is asked for first", async () => {
    const lines = life();
    const reader = new PastReader(written(lines));
    const order = [lines.all.length, 3, 17, 1, 12, 20, 8, 16, 5, lines.all.length];
    for (const sequence of order) {
      expect(await shownAt(reader, sequence), String(sequence)).toEqual(worldsAt(lines, sequence));
    }
  });

  it("before the first line that is kept, and in a log without one, is not known", async () => {
    const reader = new PastReader(written(life()));
    const { from, moment } = await reader.read("2026-11-25T00:00:00.000Z", NOW);
    expect([from, moment]).toEqual([timeOf(1), null]);
    const empty = new PastReader(mkdtempSync(join(tmpdir(), "past-")));
    expect(await empty.read(timeOf(3), NOW)).toMatchObject({ from: null, moment: null });
    expect((await reader.read(undefined, NOW)).to).toBe(new Date(NOW).toISOString());
  });

  it("after days were removed is as complete as the snapshot that stands for them", async () => {
    const lines = life();
    const events = written(lines);
    const facts = lines.all.slice(0, 12).reduce(fold, NOTHING);
    writeFileSync(join(events, "snapshots/000000000012.json"), factsText(facts));
    rmSync(pathOf(events, 1));
    rmSync(pathOf(events, 5));
    const reader = new PastReader(events);
    expect(await shownAt(reader, 20)).toEqual(worldsAt(lines, 20));
    // Of what lies before it in a file that is still there, the hosts are known, and nothing else.
    const early = await shownAt(reader, 10);
    expect(Object.keys(early).sort()).toEqual(["nas", "vps"]);
    expect(early["vps"]).toMatchObject({ services: {}, freshness: { state: "unknown" } });
  });

  it("is told in spite of a line that is torn, and of a file that is gone", async () => {
    const lines = life();
    const events = written(lines);
    writeFileSync(pathOf(events, 9), '{"sum":"00000000","torn');
    const reader = new PastReader(events);
    expect(Object.keys(await shownAt(reader, 20))).toEqual(["nas", "vps"]);
  });
});
