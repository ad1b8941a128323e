/**
 * What is compared of a container, by field. Some of it is in no order; of command lines the order
 * counts, and they may hold secrets where somebody wrote them by hand.
 */
export interface ContainerFacts {
  /** By field, what there is; undefined where nobody can say what it should be. */
  readonly items: Readonly<Partial<Record<ItemField, readonly string[] | undefined>>>;
  /** By field, the words of a command line; undefined likewise. */
  readonly words: Readonly<Partial<Record<WordField, readonly string[] | undefined>>>;
  /** Whether environment and labels are known as a whole, with what the image brings. */
  readonly complete: boolean;
  /** Environment; the values may be secrets. */
  readonly env: ReadonlyMap<string, string>;
  /** The values of labels that we do not write may be secrets. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Fields whose values are no secrets, in the order they are reported. */
export const ITEM_FIELDS = [
  "image",
  "user",
  "hostname",
  "networks",
  "ports",
  "mounts",
  "tmpfs",
  "devices",
  "extraHosts",
  "memory",
  "swap",
  "cpus",
  "sharedMemory",
  "capabilities",
  "securityOptions",
  "privileged",
  "readOnlyRoot",
  "groups",
  "init",
  "processes",
  "restart",
  "logs",
  "health",
  "stopTime",
] as const;
/** A field whose values are no secrets. */
export type ItemField = (typeof ITEM_FIELDS)[number];

/** Fields that are command lines. */
export const WORD_FIELDS = ["command", "entrypoint", "healthTest"] as const;
/** A field that is a command line. */
export type WordField = (typeof WORD_FIELDS)[number];

/** "KEY=value" lines as a map. */
export function envMap(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const [, key = line, value = ""] = /^([^=]*)=(.*)$/s.exec(line) ?? [];
      return [key, value] as const;
    }),
  );
}
