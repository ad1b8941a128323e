import type { Line } from "../line.ts";

/** How somebody does not answer as he should, or does again. */
export type Trouble = "away" | "refused" | "unfit";

/** The words for it; each follows on "the <name> at <address>". */
export interface TroubleWords {
  readonly name: string;
  readonly wrong: Readonly<Record<Trouble, string>>;
  readonly right: string;
}

const BOTH =
  "it is tried again each minute. What to do: deploy the VPS and this host from the same commit";

/** Of the Observer. */
export const OBSERVER_TROUBLE: TroubleWords = {
  name: "Observer",
  wrong: {
    away: "does not take what it is told; it is tried again, and what happens until then is kept as far as there is room",
    refused: `refuses this host's token; ${BOTH}`,
    unfit: `cannot read what this program tells it; ${BOTH}`,
  },
  right: "takes what it is told again",
};

/** Of the Executor. */
export const EXECUTOR_TROUBLE: TroubleWords = {
  name: "Executor",
  wrong: {
    away: "does not answer; nothing is fetched from it until it does",
    refused: `refuses this host's token; ${BOTH}`,
    unfit: `does not know what this program asks; ${BOTH}`,
  },
  right: "answers again",
};

/** Says once what is wrong with somebody, and once that nothing is any more. */
export class Troubles {
  readonly #words: TroubleWords;
  readonly #url: string;
  readonly #write: (line: Line) => void;
  readonly #said = new Set<Trouble>();

  constructor(words: TroubleWords, url: string, write: (line: Line) => void) {
    this.#words = words;
    this.#url = url;
    this.#write = write;
  }

  /** All is well. */
  well(): void {
    if (this.#said.size === 0) return;
    this.#said.clear();
    this.#say("info", this.#words.right, "back");
  }

  /** Something is wrong. */
  take(trouble: Trouble, reason: string): void {
    if (this.#said.has(trouble)) return;
    this.#said.add(trouble);
    this.#say("warning", `${this.#words.wrong[trouble]} (${reason})`, trouble, reason);
  }

  #say(level: Line["level"], text: string, kind: string, reason?: string): void {
    const { name } = this.#words;
    const event = name.toLowerCase();
    const fields = { event, kind, ...(reason === undefined ? {} : { reason }) };
    this.#write({ level, text: `the ${name} at ${this.#url} ${text}`, fields });
  }
}
