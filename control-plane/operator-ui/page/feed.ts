// The state for everybody who looks: read once, written as JSON once, sent to all. Nobody looks, and
// nothing is read.
import { setTimeout as sleep } from "node:timers/promises";
import type { State } from "../../contract/page-api.ts";
import { happenedIn } from "./state.ts";

/** At most this often the state is read. */
const READ_MS = 500;
/** While nothing happens but time, that is told this often. */
const PASSING_MS = 5000;

/** Somebody who is told the state. */
export type Listener = (json: string) => void;

/** Tells the state. */
export class Feed {
  readonly #read: () => Promise<State>;
  readonly #now: () => number;
  readonly #listeners = new Set<Listener>();
  #told: { readonly happened: string; readonly at: number } | undefined;
  #current: { readonly json: string; readonly state: State; readonly at: number } | undefined;
  #reading: Promise<string> | undefined;
  #turns = false;

  /** @param now milliseconds, of a clock that is never put back */
  constructor(read: () => Promise<State>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** The state as JSON, no older than half a second. */
  current(): Promise<string> {
    if (this.#current && this.#now() - this.#current.at < READ_MS) {
      return Promise.resolve(this.#current.json);
    }
    this.#reading ??= this.#fresh().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Tells it at once and then whenever it changed; answers how to stop that. */
  tell(listener: Listener): () => void {
    this.#listeners.add(listener);
    const first = (json: string): void => {
      if (this.#listeners.has(listener)) listener(json);
    };
    this.current().then(first, () => undefined);
    if (!this.#turns) void this.#turn();
    return () => this.#listeners.delete(listener);
  }

  async #fresh(): Promise<string> {
    const state = await this.#read();
    const json = JSON.stringify(state);
    this.#current = { json, state, at: this.#now() };
    return json;
  }

  async #turn(): Promise<void> {
    this.#turns = true;
    // What is told to each at once is not told to all as something new.
    await this.current().catch(() => undefined);
    if (this.#current) {
      this.#told = { happened: happenedIn(this.#current.state), at: this.#now() };
    }
    while (this.#listeners.size > 0) {
      await sleep(READ_MS, undefined, { ref: false });
      // What cannot be read now can be the next time; the page shows how old it is meanwhile.
      await this.#step().catch(() => undefined);
    }
    this.#turns = false;
    this.#told = undefined;
  }

  async #step(): Promise<void> {
    await this.current();
    if (!this.#current) return;
    const { json, state } = this.#current;
    const told = { happened: happenedIn(state), at: this.#now() };
    if (this.#told?.happened === told.happened && told.at - this.#told.at < PASSING_MS) return;
    this.#told = told;
    for (const listener of [...this.#listeners]) listener(json);
  }
}
