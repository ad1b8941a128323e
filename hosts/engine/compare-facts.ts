import { MASK } from "../masking.ts";
import { ANEW_LABEL, FILES_LABEL } from "../../model/container-inputs.ts";
import { ITEM_FIELDS, WORD_FIELDS, type ContainerFacts } from "./facts.ts";

/** One field that differs. */
export interface FieldDifference {
  /** What about it, e.g. "memory", "ports", "environment TZ". */
  readonly field: string;
  /** As declared, null where nothing is. Never a value that may hold a secret. */
  readonly declared: string | null;
  /** As found, null where nothing is. Never a value that may hold a secret. */
  readonly found: string | null;
}

/**
 * Every field in which what was found is not what was declared.
 * @param hasFiles whether the service has files, whose fingerprint is then a label
 */
export function compareFacts(
  declared: ContainerFacts,
  found: ContainerFacts,
  hasFiles: boolean,
): FieldDifference[] {
  return [
    ...ITEM_FIELDS.flatMap((field) =>
      itemDifference(field, declared.items[field], found.items[field] ?? []),
    ),
    ...WORD_FIELDS.flatMap((field) =>
      wordDifference(field, declared.words[field], found.words[field] ?? []),
    ),
    ...envDifferences(declared, found),
    ...labelDifferences(declared, found, hasFiles),
  ];
}

/** Only what differs of a list: one port more is one port to read. */
function itemDifference(
  field: string,
  declared: readonly string[] | undefined,
  found: readonly string[],
): FieldDifference[] {
  if (declared === undefined) return [];
  const missing = declared.filter((item) => !found.includes(item));
  const extra = found.filter((item) => !declared.includes(item));
  if (missing.length === 0 && extra.length === 0) return [];
  return [{ field, declared: listed(missing), found: listed(extra) }];
}

function listed(items: readonly string[]): string | null {
  return items.length === 0 ? null : [...items].sort().join(", ");
}

/** A word that nobody declared may be a password on a command line. */
function wordDifference(
  field: string,
  declared: readonly string[] | undefined,
  found: readonly string[],
): FieldDifference[] {
  if (declared === undefined || JSON.stringify(declared) === JSON.stringify(found)) return [];
  const shown = found.map((word) => (declared.includes(word) ? word : MASK));
  return [{ field, declared: spoken(declared), found: spoken(shown) }];
}

function spoken(words: readonly string[]): string | null {
  return words.length === 0 ? null : words.join(" ");
}

function envDifferences(declared: ContainerFacts, found: ContainerFacts): FieldDifference[] {
  return keysOf(declared.env, found.env, declared.complete).flatMap((key): FieldDifference[] => {
    const [want, have] = [declared.env.get(key), found.env.get(key)];
    if (want === have) return [];
    const field = `environment ${key}`;
    if (want === undefined) return [{ field, declared: null, found: MASK }];
    if (have === undefined) return [{ field, declared: MASK, found: null }];
    return [{ field, declared: MASK, found: `${MASK} (another)` }];
  });
}

function labelDifferences(
  declared: ContainerFacts,
  found: ContainerFacts,
  hasFiles: boolean,
): FieldDifference[] {
  const keys = keysOf(declared.labels, found.labels, declared.complete);
  const differences = keys.flatMap((key): FieldDifference[] => {
    const [want, have] = [declared.labels.get(key), found.labels.get(key)];
    // Why it was made anew, nobody declares beforehand.
    if (want === have || key === FILES_LABEL || key === ANEW_LABEL) return [];
    // What nobody declared may be anything.
    const shown = have === undefined ? null : want === undefined ? MASK : have;
    return [{ field: `label ${key}`, declared: want ?? null, found: shown }];
  });
  const written = found.labels.has(FILES_LABEL);
  if (written === hasFiles) return differences;
  const [want, have] = hasFiles ? [MASK, null] : [null, MASK];
  return [...differences, { field: `label ${FILES_LABEL}`, declared: want, found: have }];
}

/** @param complete else nobody can say of a key of the found alone that it is too much */
function keysOf(
  declared: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
  complete: boolean,
): string[] {
  return [...new Set([...declared.keys(), ...(complete ? found.keys() : [])])].sort();
}
