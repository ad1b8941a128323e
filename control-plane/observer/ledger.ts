// The log and what is known by it. Whatever comes waits its turn; what has come meanwhile is written
// and synced together, and only then is any of it acknowledged.
import type { Batch, Receipt } from "../contract/events.ts";
import type { LogLine, Note } from "../contract/log-line.ts";
import type { ObserverHealth } from "../contract/observer-health.ts";
import { asLine } from "../contract/words.ts";
import { readKnown } from "./checkpoint.ts";
import type { Disk } from "./disk.ts";
import type { Facts } from "../fold/facts.ts";
import { fold } from "../fold/fold.ts";
import { takeIn } from "./intake.ts";
import { LogInDoubt, LogWriter, SEGMENT_BYTES } from "./log-writer.ts";
import type { Places } from "./places.ts";
import { readLog, type ReadCounts } from "./read-log.ts";
import { recordOf } from "../fold/record.ts";
import { listSegments, segmentPath, type Segment } from "./segments.ts";

/** The disk takes nothing: what was sent is not acknowledged, and has to be sent again. */
export class NotWritable extends Error {
  override readonly name = "NotWritable";
}

/** What waits, and whom to tell. */
interface Waiting {
  readonly what: Batch | { readonly note: Note };
  readonly resolve: (receipt: Receipt | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/** One writer of one log. */
export class Ledger {
  readonly #disk: Disk;
  readonly #places: Places;
  readonly #segmentBytes: number;
  readonly #now: () => number;
  #facts: Facts;
  #writer: LogWriter;
  #read: ReadCounts;
  #waiting: Waiting[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #problem: string | undefined;
  #inDoubt = false;
  #lastReceipt = 0;
  #taken = { events: 0, duplicates: 0, refused: 0, clockWentBack: 0 };

  private constructor(
    disk: Disk,
    places: Places,
    segmentBytes: number,
    now: () => number,
    log: ReadBack,
  ) {
    this.#disk = disk;
    this.#places = places;
    this.#segmentBytes = segmentBytes;
    this.#now = now;
    this.#facts = log.facts;
    this.#read = log.counts;
    this.#writer = new LogWriter(disk, places.events, log.segments, segmentBytes);
  }

  /**
   * Reads checkpoint, snapshots and log. Nothing that stands in them keeps it from doing so.
   * @param segmentBytes length at which a file of the log is ended. @default 8 MiB
   * @param now milliseconds since 1970
   * @throws what the disk says when it cannot be read at all
   */
  static async open(
    disk: Disk,
    places: Places,
    segmentBytes: number = SEGMENT_BYTES,
    now: () => number = Date.now,
  ): Promise<Ledger> {
    const known = await readKnown(disk, places.checkpoint, places.snapshots, now());
    const log = await readBack(disk, places, known);
    return new Ledger(disk, places, segmentBytes, now, log);
  }

  /** All that is known; every line of it is on the disk. */
  get facts(): Facts {
    return this.#facts;
  }

  /** The files of the log in order. */
  get segments(): readonly Segment[] {
    return this.#writer.segments;
  }

  /** Why nothing is acknowledged; undefined while everything is. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** What became of the lines that were read. */
  get read(): ReadCounts {
    return this.#read;
  }

  /** What was taken since the start. */
  get taken(): Omit<ObserverHealth["taken"], "denied"> {
    return this.#taken;
  }

  /**
   * Takes a batch, whose sender is who it says.
   * @returns when all of it is on the disk
   * @throws NotWritable when the disk takes nothing
   */
  async take(batch: Batch): Promise<Receipt> {
    return (await this.#enqueue(batch)) as Receipt;
  }

  /**
   * Writes something of our own down.
   * @throws NotWritable when the disk takes nothing
   */
  async note(note: Note): Promise<void> {
    await this.#enqueue({ note });
  }

  /**
   * Runs while nothing is appended.
   * @param task answers how many of the oldest files it removed
   */
  removing(task: (segments: readonly Segment[]) => Promise<number>): Promise<void> {
    return this.#serial(async () => this.#writer.removed(await task(this.segments)));
  }

  /** Finishes what waits. */
  close(): Promise<void> {
    return this.#serial(() => this.#writer.close());
  }

  #serial<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#last.then(task);
    this.#last = run.catch(() => undefined);
    return run;
  }

  #enqueue(what: Waiting["what"]): Promise<Receipt | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ what, resolve, reject });
      // Who comes while others wait is written with them.
      if (this.#waiting.length === 1) void this.#serial(() => this.#writeWaiting());
    });
  }

  async #writeWaiting(): Promise<void> {
    const turn = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#inDoubt) await this.#readAgain();
      const { facts, lines, receipts } = this.#lay(turn);
      const [first] = lines;
      if (first) {
        await this.#writer.append(lines.map(recordOf).join(""), first.sequence, first.at);
      }
      this.#facts = facts;
      this.#problem = undefined;
      for (const receipt of receipts) {
        this.#taken.duplicates += receipt?.duplicates ?? 0;
        this.#taken.refused += receipt?.refused.length ?? 0;
      }
      this.#taken.events += lines.length;
      turn.forEach(({ resolve }, at) => resolve(receipts[at]));
    } catch (error) {
      if (error instanceof LogInDoubt) this.#inDoubt = true;
      this.#problem = asLine(error instanceof Error ? error.message : String(error));
      for (const { reject } of turn) reject(new NotWritable(this.#problem));
    }
  }

  /** What the log and the facts are with all that waits. */
  #lay(turn: readonly Waiting[]): {
    readonly facts: Facts;
    readonly lines: readonly LogLine[];
    readonly receipts: readonly (Receipt | undefined)[];
  } {
    const now = this.#now();
    if (now < this.#lastReceipt) this.#taken.clockWentBack += 1;
    this.#lastReceipt = now;
    const at = new Date(now).toISOString();
    let facts = this.#facts;
    const lines: LogLine[] = [];
    const receipts = turn.map(({ what }) => {
      if (!("note" in what)) {
        const taken = takeIn(facts, what, at);
        facts = taken.facts;
        lines.push(...taken.lines);
        return taken.receipt;
      }
      const sequence = facts.sequence + 1;
      const line: LogLine = { version: 1, sequence, at, from: "observer", note: what.note };
      facts = fold(facts, line);
      lines.push(line);
      return undefined;
    });
    return { facts, lines, receipts };
  }

  /** What is on the disk counts, acknowledged or not; whoever was not answered sends it again. */
  async #readAgain(): Promise<void> {
    await this.#writer.close().catch(() => undefined);
    const log = await readBack(this.#disk, this.#places, this.#facts);
    this.#facts = log.facts;
    this.#writer = new LogWriter(this.#disk, this.#places.events, log.segments, this.#segmentBytes);
    const sum = (key: keyof ReadCounts): number => this.#read[key] + log.counts[key];
    this.#read = {
      lines: sum("lines"),
      torn: sum("torn"),
      garbage: sum("garbage"),
      duplicates: sum("duplicates"),
      missing: sum("missing"),
    };
    this.#inDoubt = false;
  }
}

interface ReadBack {
  readonly facts: Facts;
  readonly segments: readonly Segment[];
  readonly counts: ReadCounts;
}

async function readBack(disk: Disk, places: Places, known: Facts): Promise<ReadBack> {
  const segments = await listSegments(disk, places.events);
  const last = segments.at(-1);
  // A process that was killed may have written lines and not synced them; they count from now on.
  if (last) await disk.sync(segmentPath(places.events, last));
  const { facts, counts } = await readLog(disk, places.events, segments, known);
  return { facts, segments, counts };
}
