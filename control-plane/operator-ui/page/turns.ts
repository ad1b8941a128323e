// Work of which a few are done at once, some wait, and the rest is told to come again.

/** Who does a kind of work takes turns. */
export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  /**
   * @param atOnce so many are done at once
   * @param mostWaiting so many more wait
   */
  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  /** Does it when it is its turn; undefined when too many wait already, and then it is never done. */
  take<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    if (this.#busy < this.#atOnce) {
      this.#busy += 1;
      return this.#done(work);
    }
    if (this.#waiting.length >= this.#mostWaiting) return undefined;
    const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
    return turn.then(() => this.#done(work));
  }

  async #done<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } finally {
      // Who waited longest has the place at once, so that nobody comes in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }
}
