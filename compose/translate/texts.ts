import { basename } from "node:path";
import { Code } from "../write/code.ts";

/** Texts of configuration files and scripts, which have a file of their own beside the plan. */
export class Texts {
  readonly #all = new Map<string, string>();

  /** @returns the constant that stands for the text in the plan */
  add(target: string, text: string): Code {
    const name = basename(target)
      .replaceAll(/[^A-Za-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "");
    const wanted = /^[A-Za-z]/.test(name) ? name.toUpperCase() : `FILE_${name.toUpperCase()}`;
    for (let count = 1; ; count += 1) {
      const constant = count === 1 ? wanted : `${wanted}_${count}`;
      const taken = this.#all.get(constant);
      if (taken !== undefined && taken !== text) continue;
      this.#all.set(constant, text);
      return new Code(constant, text);
    }
  }

  all(): readonly (readonly [constant: string, text: string])[] {
    return [...this.#all.entries()];
  }
}
