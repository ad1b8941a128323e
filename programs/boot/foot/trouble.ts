import type { Line } from "../line.ts";
import type { Outcome } from "./outcome.ts";

type Kind = Exclude<Outcome["kind"], "taken">;

/** Says once what is wrong with the Observer, and once that nothing is any more. */
export class Trouble {
  readonly #url: string;
  readonly #write: (line: Line) => void;
  readonly #said = new Set<Kind>();

  constructor(url: string, write: (line: Line) => void) {
    this.#url = url;
    this.#write = write;
  }

  /** Something became of a batch. */
  take(outcome: Outcome): void {
    if (outcome.kind === "taken") {
      if (this.#said.size === 0) return;
      this.#said.clear();
      this.#say("info", `the Observer at ${this.#url} takes what it is told again`, "back");
      return;
    }
    const { kind, reason } = outcome;
    if (this.#said.has(kind)) return;
    this.#said.add(kind);
    this.#say("warning", `the Observer at ${this.#url} ${IN_WORDS[kind](reason)}`, kind, reason);
  }

  #say(level: Line["level"], text: string, kind: string, reason?: string): void {
    const fields = { event: "observer", kind, ...(reason === undefined ? {} : { reason }) };
    this.#write({ level, text, fields });
  }
}

const IN_WORDS: Readonly<Record<Kind, (reason: string) => string>> = {
  away: (reason) =>
    `does not take what it is told (${reason}); it is tried again, and what happens until then is kept as far as there is room`,
  refused: (reason) =>
    `refuses this host's token (${reason}); it is tried again each minute. What to do: deploy the VPS and this host, which have to have the same`,
  unfit: (reason) =>
    `cannot read what this program tells it (${reason}); it is tried again each minute. What to do: deploy the VPS and this host from the same commit`,
};
