// Appends to the log. What it has returned from is on the disk; what it failed at is not in the log.
import type { Disk, GrowingFile } from "./disk.ts";
import { dayOf, segmentPath, type Segment } from "./segments.ts";

/** A file of the log is ended when it is that long; it can be read whole. */
export const SEGMENT_BYTES = 8 * 1024 * 1024;

/**
 * A failure left something in the log of which nobody knows whether it is on the disk. The log has
 * to be read again before anything is appended.
 */
export class LogInDoubt extends Error {
  override readonly name = "LogInDoubt";
}

/** Writes the newest file of a log; each run of the Observer begins one of its own. */
export class LogWriter {
  readonly #disk: Disk;
  readonly #events: string;
  readonly #segmentBytes: number;
  #ended: readonly Segment[];
  #open: { readonly segment: Segment; readonly file: GrowingFile } | undefined;

  /**
   * @param ended the files that are there
   * @param segmentBytes length at which a file is ended
   */
  constructor(disk: Disk, events: string, ended: readonly Segment[], segmentBytes: number) {
    this.#disk = disk;
    this.#events = events;
    this.#ended = ended;
    this.#segmentBytes = segmentBytes;
  }

  /** All files in order; the last one is that which is written, if one is. */
  get segments(): readonly Segment[] {
    return this.#open ? [...this.#ended, this.#open.segment] : this.#ended;
  }

  /** Somebody removed the oldest so many. */
  removed(count: number): void {
    this.#ended = this.#ended.slice(count);
  }

  /**
   * Appends lines, and returns when they are on the disk.
   * @param first sequence of the first of them
   * @param at when they were received
   * @throws LogInDoubt when it failed and could not be undone; else what the disk says, and the log
   *   is as it was
   */
  async append(records: string, first: number, at: string): Promise<void> {
    const { segment, file } = await this.#fileFor(first, dayOf(at));
    const bytes = Buffer.from(records);
    try {
      await file.append(bytes);
      // Everything that waits is synced at once: a disk does that a hundred times a second at best.
      await file.sync();
    } catch (error) {
      await this.#undo(error);
      throw error;
    }
    this.#open = { segment: { ...segment, bytes: segment.bytes + bytes.length }, file };
  }

  /** Ends the file; the next line begins another one. */
  async close(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    this.#ended = [...this.#ended, open.segment];
    await open.file.close();
  }

  async #fileFor(first: number, day: string): Promise<{ segment: Segment; file: GrowingFile }> {
    const open = this.#open;
    const isFull = open !== undefined && open.segment.bytes >= this.#segmentBytes;
    if (open && open.segment.day === day && !isFull) return open;
    await this.close();
    for (let attempt = 0; ; attempt += 1) {
      const segment = { day, first, attempt, bytes: 0 };
      try {
        const file = await this.#disk.create(segmentPath(this.#events, segment));
        this.#open = { segment, file };
        return this.#open;
      } catch (error) {
        // One in which no line is whole: what begins at this sequence was never acknowledged.
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  async #undo(cause: unknown): Promise<void> {
    const open = this.#open;
    if (!open) return;
    try {
      await open.file.cutTo(open.segment.bytes);
    } catch {
      await this.close().catch(() => undefined);
      throw new LogInDoubt(cause instanceof Error ? cause.message : String(cause));
    }
  }
}
