import { basename } from "node:path";
import { interpolate, type Variables } from "../read/interpolate.ts";
import { readEnvFile } from "../read/dotenv.ts";
import type { Mistake } from "../mistake.ts";
import { isPlainValue, isSecretName, isSecretValue } from "../secrets/looks-secret.ts";
import { hasSecret, type Vault } from "../secrets/vault.ts";
import type { Sources } from "./sources.ts";

/** A mark in place of a value that is a secret as a whole; undefined where it is none. */
export function hiddenWhole(
  vault: Vault,
  name: string,
  value: string | undefined,
  where: string,
): string | undefined {
  if (value === undefined) return isSecretName(name) ? vault.hide(name, value, "") : undefined;
  if (hasSecret(value) || isPlainValue(name, value)) return undefined;
  const isSecret = isSecretName(name) || isSecretValue(value);
  return isSecret ? vault.hide(name, value, `${name} in ${where}`) : undefined;
}

/** The same, or a text with marks in it where a secret is a part of the value. */
function hiddenValue(
  vault: Vault,
  name: string,
  value: string | undefined,
  where: string,
): string | undefined {
  const whole = hiddenWhole(vault, name, value, where);
  if (whole !== undefined || value === undefined) return whole;
  const covered = vault.cover(value, `${name}_PASSWORD`, `${name} in ${where}`);
  return covered === value ? undefined : covered;
}

/** The values that a Compose file's variables are filled in with. */
export class ProjectVariables {
  readonly #values = new Map<string, { readonly value: string; readonly where: string }>();

  constructor(
    readonly vault: Vault,
    readonly sources: Sources,
  ) {}

  /** Reads a `.env` file; one that is read later goes before. Names without a value are passed over. */
  read(path: string, mistakes: Mistake[]): void {
    const text = this.sources.text(path);
    if (text === undefined) return;
    for (const entry of readEnvFile(text)) {
      if (typeof entry === "number") {
        mistakes.push({ file: path, line: entry, path: "", message: NO_ENTRY });
        continue;
      }
      const { name, value, filled, line } = entry;
      if (value === undefined) continue;
      const refuse = (message: string) => mistakes.push({ file: path, line, path: name, message });
      const plain = filled ? interpolate(value, this.#plainly(refuse)) : value;
      this.#values.set(name, { value: plain, where: basename(path) });
    }
  }

  /** A value as it is, for nobody but the vault. */
  valueOf(name: string): string | undefined {
    return this.#values.get(name)?.value;
  }

  /** What fills in a text, with marks in place of secrets. */
  filling(where: string, hears: Pick<Variables, "unset" | "refuse">): Variables {
    return {
      ...hears,
      valueOf: (name) => this.valueOf(name),
      hidden: (name, value) =>
        hiddenValue(this.vault, name, value, this.#values.get(name)?.where ?? where),
    };
  }

  /** Values of a `.env` file may name each other; what they hold is hidden where it is used. */
  #plainly(refuse: (message: string) => void): Variables {
    return {
      valueOf: (name) => this.valueOf(name),
      hidden: () => undefined,
      unset: () => undefined,
      refuse,
    };
  }
}

/** Said of a line of an environment file; the line itself may be a secret. */
export const NO_ENTRY =
  "is no NAME=value; comments begin with #, and a value of several lines needs quotes";
