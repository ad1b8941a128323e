// What is to be told, in order, until it is told. Bounded: what nobody fetches for long is forgotten,
// and that it was is told instead.
import {
  LONGEST_BATCH_BYTES,
  MOST_EVENTS,
  type Happening,
} from "../../../control-plane/contract/events.ts";

/** Something that happened, by the host's clock. */
export interface Noted {
  readonly time: string;
  readonly happening: Happening;
}

/** What was given its number; it keeps it however often it is sent. */
export interface Numbered extends Noted {
  readonly number: number;
}

/** Happenings that wait at most; a boot of 60 services makes some 300. */
const MOST_WAITING = 2000;

/** Room in a batch for what stands around its events. */
const FRAME_BYTES = 1024;

/** Happenings that have no number yet. */
export class Outbox {
  readonly #most: number;
  #waiting: Noted[] = [];
  /** Where the look that is being taken belongs. */
  #place: number | undefined;
  #lost = false;

  constructor(most: number = MOST_WAITING) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && !this.#lost;
  }

  /**
   * Adds the latest.
   * @returns whether there was room; if not, the oldest is forgotten, or itself where it fits nowhere
   */
  add(noted: Noted): boolean {
    if (!fitsBatch(noted)) {
      this.#lost = true;
      return false;
    }
    if (this.#waiting.length < this.#most) {
      this.#waiting.push(noted);
      return true;
    }
    this.#waiting.shift();
    this.#waiting.push(noted);
    this.#lost = true;
    if (this.#place !== undefined) this.#place = Math.max(0, this.#place - 1);
    return false;
  }

  /** From now on a look is taken: what happens meanwhile may not be in it, and is told after it. */
  beginLook(): void {
    this.#place = this.#waiting.length;
  }

  /** Adds the look; undefined where none came of it. */
  endLook(look: Noted | undefined): void {
    const place = this.#place ?? this.#waiting.length;
    this.#place = undefined;
    if (!look) return;
    if (fitsBatch(look)) this.#waiting.splice(place, 0, look);
    else this.#lost = true;
  }

  /**
   * Takes out as much as goes into a batch, and numbers it.
   * @param first the number that comes next
   * @param before what is told before all that waits
   * @param now time of what is told by the outbox itself
   */
  take(first: number, before: readonly Happening[], now: string): Numbered[] {
    const lost: Happening[] = this.#lost
      ? [{ kind: "gap", reason: "more happened than is kept" }]
      : [];
    this.#lost = false;
    const ahead = [...before, ...lost].map((happening) => ({ time: now, happening }));
    this.#waiting.unshift(...ahead);
    const batch: Numbered[] = [];
    let bytes = FRAME_BYTES;
    for (const noted of this.#waiting) {
      const numbered = { number: first + batch.length, ...noted };
      bytes += Buffer.byteLength(JSON.stringify(numbered)) + 1;
      const isFull = batch.length === MOST_EVENTS || bytes > LONGEST_BATCH_BYTES;
      if (isFull) break;
      batch.push(numbered);
    }
    this.#waiting.splice(0, batch.length);
    return batch;
  }
}

/** One that fits into no batch would hold up all that comes after it. */
function fitsBatch(noted: Noted): boolean {
  return Buffer.byteLength(JSON.stringify(noted)) + 2 * FRAME_BYTES < LONGEST_BATCH_BYTES;
}
