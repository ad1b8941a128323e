// Who is logged in. In memory alone: when the page starts again, everybody logs in again.
import { createHash, randomBytes } from "node:crypto";
import { MOST_STREAMS, type Session } from "../../contract/page-api.ts";

/** A session in which nothing was asked for so long is over. An open stream asks nothing. */
const IDLE_MS = 12 * 3600_000;
/** One that began so long ago is over, whatever was asked. */
const LONGEST_MS = 7 * 24 * 3600_000;
/** Sessions of one user; the one that was used longest ago ends for a new one. */
const MOST_OF_USER = 10;
const ID_BYTES = 32;

/** Something that ends with its session. */
export interface Ending {
  end(): void;
}

interface Kept extends Session {
  readonly began: number;
  used: number;
  readonly streams: Set<Ending>;
}

/** All sessions, by the SHA-256 of their ids: what is in memory lets nobody in. */
export class Sessions {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Begins a session, always with an id that nobody had; answers it. */
  begin({ user, role }: Session): string {
    this.sweep();
    const own = [...this.#kept].filter(([, one]) => one.user === user);
    const oldest = own.sort(([, a], [, b]) => a.used - b.used)[0];
    if (oldest && own.length >= MOST_OF_USER) this.#end(oldest[0]);
    const id = randomBytes(ID_BYTES).toString("base64url");
    const now = this.#now();
    this.#kept.set(sumOf(id), { user, role, began: now, used: now, streams: new Set() });
    return id;
  }

  /** The session of an id, which was used; undefined for none. */
  use(id: string): Session | undefined {
    const kept = this.#living(id);
    if (kept) kept.used = this.#now();
    return kept && { user: kept.user, role: kept.role };
  }

  /** Ends a session, with its streams. */
  end(id: string): void {
    this.#end(sumOf(id));
  }

  /**
   * Lets something end with the session; answers how to let go of it, or undefined when there is no
   * session, or when it has as many as it may have.
   */
  attach(id: string, stream: Ending): (() => void) | undefined {
    const kept = this.#living(id);
    if (!kept || kept.streams.size >= MOST_STREAMS) return undefined;
    kept.streams.add(stream);
    return () => kept.streams.delete(stream);
  }

  /** Ends what is over, and with it the streams that ask for nothing. To be called every few seconds. */
  sweep(): void {
    for (const [sum, kept] of this.#kept) if (this.#isOver(kept)) this.#end(sum);
  }

  /** Ends all: somebody's password or role is another. */
  endAll(): void {
    for (const sum of [...this.#kept.keys()]) this.#end(sum);
  }

  #living(id: string): Kept | undefined {
    const sum = sumOf(id);
    const kept = this.#kept.get(sum);
    if (kept && this.#isOver(kept)) this.#end(sum);
    return this.#kept.get(sum);
  }

  #isOver({ began, used }: Kept): boolean {
    const now = this.#now();
    return now - used >= IDLE_MS || now - began >= LONGEST_MS;
  }

  #end(sum: string): void {
    const kept = this.#kept.get(sum);
    this.#kept.delete(sum);
    for (const stream of [...(kept?.streams ?? [])]) stream.end();
  }
}

function sumOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}
