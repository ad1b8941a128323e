// How fast the Observer reads its log back: `npx tsx bench/replay.ts [events]` writes a log of a
// house that was busy, folds it from the first line, and prints rate and memory. It needs no host.
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KINDS, type Happening } from "../control-plane/contract/events.ts";
import type { LogLine } from "../control-plane/contract/log-line.ts";
import { DISK } from "../control-plane/observer/disk.ts";
import { NOTHING, type Facts, type OwnRecords } from "../control-plane/fold/facts.ts";
import { foldOn } from "../control-plane/fold/fold.ts";
import { SEGMENT_BYTES } from "../control-plane/observer/log-writer.ts";
import { worldText } from "../control-plane/fold/project.ts";
import { readLog } from "../control-plane/observer/read-log.ts";
import { recordOf } from "../control-plane/fold/record.ts";
import { dayOf, listSegments, segmentPath } from "../control-plane/observer/segments.ts";

const HOSTS = 3;
const SERVICES = 20;
const MILLION = 1_000_000;
const MEBIBYTE = 1024 * 1024;

const HELLO: Happening = { kind: "hello", build: "bench", boot: "1", aliveSeconds: 10 };

/** What each host says in turn. */
const happenings: readonly ((turn: number) => Happening)[] = [
  () => ({ kind: "alive" }),
  (turn) => ({
    kind: "engine",
    container: `service-${turn % SERVICES}`,
    id: "a".repeat(64),
    image: "docker.io/library/service:1",
    action: (["die", "start", "healthy"] as const)[turn % 3] ?? "start",
    timeNano: String(turn),
  }),
  (turn) => ({ kind: "gate", gate: "media", open: turn % 2 === 0, seen: "" }),
];

function lineOf(sequence: number): LogLine {
  const at = new Date(Date.UTC(2026, 10, 1) + sequence * 500).toISOString();
  if (sequence === 1) {
    const hosts = Array.from({ length: HOSTS }, (_, host) => [`host-${host}`, 60] as const);
    const note = { kind: "declared", silentAfterSeconds: Object.fromEntries(hosts) } as const;
    return { version: 1, sequence, at, from: "observer", note };
  }
  // Hosts take turns from the second line on, each with the numbers of a stream of its own.
  const before = sequence - 2;
  const number = Math.floor(before / HOSTS) + 1;
  const turn = Math.floor(number / happenings.length);
  const said = happenings[number % happenings.length]?.(turn) ?? { kind: "alive" };
  return {
    version: 1,
    sequence,
    at,
    from: "host",
    host: `host-${before % HOSTS}`,
    stream: "1".repeat(32),
    number,
    time: at,
    happening: number === 1 ? HELLO : said,
  };
}

/** Writes the log as the Observer would, but for waiting for the disk, and folds on the way. */
function write(events: string, count: number): Facts {
  let facts = NOTHING;
  const records: OwnRecords = new WeakSet();
  let text = "";
  let first = 1;
  const end = (): void => {
    const path = segmentPath(events, { day: dayOf(lineOf(first).at), first, attempt: 0 });
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, text);
  };
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const line = lineOf(sequence);
    facts = foldOn(facts, line, records);
    text += recordOf(line);
    if (text.length < SEGMENT_BYTES) continue;
    end();
    text = "";
    first = sequence + 1;
  }
  if (text !== "") end();
  return facts;
}

function sumOf({ hosts }: Facts): string {
  const texts = Object.entries(hosts).map(([host, facts]) => worldText(host, facts));
  return createHash("sha256").update(texts.join("")).digest("hex");
}

async function main(count: number): Promise<void> {
  const events = join(mkdtempSync(join(tmpdir(), "replay-")), "events");
  try {
    const written = sumOf(write(events, count));
    const segments = await listSegments(DISK, events);
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    let highest = 0;
    const memory = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 20);
    const begin = performance.now();
    const processor = process.cpuUsage();
    const { facts, counts } = await readLog(DISK, events, segments, NOTHING);
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(processor);
    clearInterval(memory);
    highest = Math.max(highest, process.memoryUsage().rss);
    const rate = (each: number): string => Math.round(counts.lines / each).toLocaleString("en");
    process.stdout.write(
      [
        `${counts.lines} events of ${KINDS.length} kinds known, ${Math.round(bytes / MEBIBYTE)} MiB in ${segments.length} files`,
        `${seconds.toFixed(1)} s: ${rate(seconds)} a second; ${rate((user + system) / 1e6)} for each second of the processor`,
        `at most ${Math.round(highest / MEBIBYTE)} MiB of memory`,
        `the world is ${sumOf(facts) === written ? "the same as" : "ANOTHER than"} the one that was kept on the way`,
        "",
      ].join("\n"),
    );
  } finally {
    rmSync(dirname(events), { recursive: true });
  }
}

await main(Number(process.argv[2] ?? MILLION));
