// The audit of who was turned away: audit/observer/<day>.jsonl. Somebody who tries again and again
// gets a line now and then, with how often; the disk is not theirs to fill.
import { join } from "node:path";
import { beyondAuditCaps } from "../contract/audit-caps.ts";
import type { AuditLine } from "../contract/audit.ts";
import { sealed } from "../contract/sealed-line.ts";
import { asLine } from "../contract/words.ts";
import type { Disk } from "./disk.ts";
import { dayOf } from "./segments.ts";

/** Why a request was turned away. */
export interface Denial {
  readonly peer: string;
  readonly reason: string;
  /** Host whose name or token it used, if any. */
  readonly host?: string;
}

/** The same denial is written down once in so long. */
const PAUSE_MS = 60_000;
/** Different ones that are told apart at once; beyond that they count together. */
const MOST_KINDS = 100;

/** Writes denials down. */
export class Denials {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #seen = new Map<string, { readonly since: number; unwritten: number; denial: Denial }>();
  #last: Promise<void> = Promise.resolve();
  #count = 0;
  #trimmed = "";

  /** @param now milliseconds since 1970 */
  constructor(disk: Disk, folder: string, now: () => number = Date.now) {
    this.#disk = disk;
    this.#folder = folder;
    this.#now = now;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** Takes note of one. */
  note(denial: Denial): void {
    this.#count += 1;
    const own = `${denial.peer} ${denial.host ?? ""} ${denial.reason}`;
    const isCrowded = !this.#seen.has(own) && this.#seen.size >= MOST_KINDS;
    const key = isCrowded ? "others" : own;
    const known = this.#seen.get(key);
    if (known) {
      known.unwritten += 1;
      return;
    }
    const counted = isCrowded ? { peer: "others", reason: "too many to tell apart" } : denial;
    this.#seen.set(key, { since: this.#now(), unwritten: 0, denial: counted });
    this.#write(counted, 1);
  }

  /** Writes down what was only counted, and forgets who has stopped. */
  settle(): void {
    const now = this.#now();
    for (const [key, { since, unwritten, denial }] of this.#seen) {
      if (Math.abs(now - since) < PAUSE_MS) continue;
      this.#seen.delete(key);
      if (unwritten === 0) continue;
      this.#seen.set(key, { since: now, unwritten: 0, denial });
      this.#write(denial, unwritten);
    }
  }

  /** Returns when all is written that will be. */
  written(): Promise<void> {
    return this.#last;
  }

  #write({ peer, reason, host }: Denial, times: number): void {
    const line: AuditLine = {
      version: 1,
      at: new Date(this.#now()).toISOString(),
      part: "observer",
      what: "denied",
      ...(host === undefined ? {} : { host }),
      peer: asLine(peer),
      reason: asLine(reason),
      ...(times === 1 ? {} : { times }),
    };
    // A disk that takes no line turns nobody in: the answer was given without it.
    this.#last = this.#last.then(() => this.#append(line)).catch(() => undefined);
  }

  /** With the first line of a day, and after a start, the days go that are beyond the caps. */
  async #append(line: AuditLine): Promise<void> {
    const day = dayOf(line.at);
    await this.#disk.append(join(this.#folder, `${day}.jsonl`), sealed(line));
    if (day === this.#trimmed) return;
    this.#trimmed = day;
    for (const name of beyondAuditCaps(await this.#disk.list(this.#folder))) {
      await this.#disk.remove(join(this.#folder, name));
    }
  }
}
