import { kebab, withApp } from "../kebab.ts";
import { withoutSecrets } from "./looks-secret.ts";

/** A secret of the app that is imported. Its value is not part of this. */
export interface FoundSecret {
  /** Name in the stack's config, e.g. "linkding-db-password". */
  readonly name: string;
  /** Where its value stands today, e.g. "DB_PASSWORD in .env"; undefined when nobody has one yet. */
  readonly standsIn: string | undefined;
}

interface Held {
  readonly id: string;
  readonly value: string | undefined;
  readonly standsIn: string | undefined;
  used: boolean;
}

/** Characters that no file has; between them stands which secret is meant. */
const OPEN = "\uE000";
const CLOSE = "\uE001";
const MARK = /\uE000([^\uE001]*)\uE001/g;
const WHOLE = /^\uE000([^\uE001]*)\uE001$/;

/** Shorter values, and plain words, may be in a text by chance. */
const LEAST_LETTERS = 6;

/**
 * Holds the values of secrets, so that they are nowhere else: in what is read, a mark stands in
 * place of each. Nothing that the vault answers has a value in it.
 */
export class Vault {
  readonly #held = new Map<string, Held>();

  /** @param app prefix of every name */
  constructor(readonly app: string) {}

  /**
   * The mark of a secret; the same one for the same value, or for the same name without any.
   * @param variable what it is called where it stands, e.g. "DB_PASSWORD"
   * @param standsIn where its value is today, for the person who has to bring it over
   */
  hide(variable: string, value: string | undefined, standsIn: string): string {
    const same = [...this.#held.values()].find((held) =>
      value === undefined ? held.id === kebab(variable) : held.value === value,
    );
    if (same) return OPEN + same.id + CLOSE;
    const id = this.#free(kebab(variable), value);
    this.#held.set(id, {
      id,
      value,
      standsIn: value === undefined ? undefined : standsIn,
      used: false,
    });
    return OPEN + id + CLOSE;
  }

  /** A text with the values that are held, and what else looks like a secret in it, replaced by marks. */
  cover(text: string, variable: string, standsIn: string): string {
    const known = [...this.#held.values()].reduce((covered, { id, value }) => {
      return isTelling(value) ? covered.replaceAll(value, OPEN + id + CLOSE) : covered;
    }, text);
    return withoutSecrets(known, (secret) => this.hide(variable, secret, standsIn));
  }

  /** Name of the secret that a text is a mark of, and of nothing else. */
  nameOf(text: string): string | undefined {
    const id = WHOLE.exec(text)?.[1];
    return id === undefined ? undefined : this.#use(id);
  }

  /** A text with `{{name}}` in place of each mark, as a template of a file has it. */
  templateOf(text: string): string {
    return text.replaceAll(MARK, (_, id: string) => `{{${this.#use(id)}}}`);
  }

  /** The secrets that were asked for by name, in the order in which they were found. */
  used(): FoundSecret[] {
    return [...this.#held.values()]
      .filter(({ used }) => used)
      .map(({ id, standsIn }) => ({ name: this.#name(id), standsIn }));
  }

  /** Whether a text has a value in it that nobody may see. */
  isIn(text: string): boolean {
    return this.namesIn([text]).length > 0;
  }

  /** Where the values that stand in some of the texts come from, by their names. */
  namesIn(texts: readonly string[]): string[] {
    return [...this.#held.values()]
      .filter(({ value }) => isTelling(value) && texts.some((text) => text.includes(value)))
      .map(({ id, standsIn }) => standsIn ?? id);
  }

  /** The secrets whose marks are left in some texts, by where their values stand. */
  markedIn(texts: readonly string[]): string[] {
    const ids = texts.flatMap((text) => [...text.matchAll(MARK)].map(([, id = ""]) => id));
    return [...new Set(ids)].map((id) => this.#held.get(id)?.standsIn ?? id);
  }

  #use(id: string): string {
    const held = this.#held.get(id);
    if (held) held.used = true;
    return this.#name(id);
  }

  #name(id: string): string {
    return withApp(this.app, id);
  }

  #free(wanted: string, value: string | undefined): string {
    for (let count = 1; ; count += 1) {
      const id = count === 1 ? wanted : `${wanted}-${count}`;
      const taken = this.#held.get(id);
      if (!taken || (value !== undefined && taken.value === value)) return id;
    }
  }
}

/** Whether a text has a mark of a secret in it. */
export function hasSecret(text: string): boolean {
  return text.includes(OPEN);
}

/** A text with a word that is no secret in place of each mark. */
export function withoutMarks(text: string): string {
  return text.replaceAll(MARK, "true");
}

/** Whether a value found in a text is there because of the secret; not one like "postgres" or "1234". */
function isTelling(value: string | undefined): value is string {
  if (value === undefined || value.length < LEAST_LETTERS) return false;
  return !/^[a-z]{1,11}$/i.test(value);
}
