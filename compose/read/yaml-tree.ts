import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Pair,
  type Scalar,
} from "yaml";
import { pathText, type Mistake, type Path } from "../mistake.ts";

/** What a YAML file holds: plain values, and where each of them stands. */
export interface YamlTree {
  /** Aliases and merge keys are followed. Undefined when the file is no YAML. */
  readonly value: unknown;
  /** Line of a place in the file; of the nearest one above it that has a line, if it has none. */
  readonly lineOf: (path: Path) => number | undefined;
  /** Line and column of the same. */
  readonly pointOf: (path: Path) => Point | undefined;
  readonly mistakes: readonly Mistake[];
}

/** A point of a text, both numbers from 1. */
export interface Point {
  readonly line: number;
  readonly column: number;
}

/** More places than any Compose file has; aliases of aliases can stand for millions. */
const MOST_PLACES = 50_000;

/** The parser's codes in our words: its own messages quote the file, which can hold secrets. */
const REASONS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: "an alias (*name) has an anchor or a tag of its own",
  BAD_INDENT: "is indented otherwise than its neighbours",
  BLOCK_AS_IMPLICIT_KEY: "has a key of several lines; look for a colon that wants quotes",
  DUPLICATE_KEY: "has the same key twice; remove one",
  MISSING_CHAR: "ends too early: a quote, a bracket or a colon is missing",
  TAB_AS_INDENT: "is indented with a tab; use spaces",
  TAG_RESOLVE_FAILED: "has a tag (!name) that this program does not know",
  UNEXPECTED_TOKEN: "has something where nothing can stand",
};

/**
 * Reads YAML so that every mistake, now or later, can be said with its line.
 * @param file how mistakes name it
 */
export function readYamlTree(text: string, file: string): YamlTree {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const mistakes: Mistake[] = [...document.errors, ...document.warnings].map((error) => ({
    file,
    line: lineCounter.linePos(error.pos[0]).line,
    path: "",
    message: REASONS[error.code] ?? `is no YAML that can be read (${error.code})`,
  }));
  if (mistakes.length > 0) {
    const nowhere = () => undefined;
    return { value: undefined, lineOf: nowhere, pointOf: nowhere, mistakes };
  }
  const reader = new TreeReader(document, lineCounter, file);
  const value = reader.valueOf(document.contents, []);
  const pointOf = (path: Path) => reader.pointOf(path);
  return { value, lineOf: (path) => pointOf(path)?.line, pointOf, mistakes: reader.mistakes };
}

class TreeReader {
  readonly mistakes: Mistake[] = [];
  readonly #points = new Map<string, Point>();
  /** Nodes that are being read: one that comes again holds itself. */
  readonly #open = new Set<unknown>();
  #places = 0;

  constructor(
    readonly document: Document,
    readonly lineCounter: LineCounter,
    readonly file: string,
  ) {}

  pointOf(path: Path): Point | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const point = this.#points.get(pathText(path.slice(0, length)));
      if (point !== undefined) return point;
    }
    return undefined;
  }

  valueOf(node: unknown, path: Path): unknown {
    this.#places += 1;
    if (this.#places > MOST_PLACES) {
      if (this.#places === MOST_PLACES + 1) {
        this.#report([], `stands for more than ${MOST_PLACES} values; its aliases multiply`);
      }
      return undefined;
    }
    if (isAlias(node)) return this.#aliasOf(node.resolve(this.document), node.range, path);
    this.#note(node, path);
    if (isScalar(node)) return scalarOf(node);
    if (!isMap(node) && !isSeq(node)) return null;
    this.#open.add(node);
    const value = isMap(node)
      ? this.#mapOf(node.items, path)
      : node.items.map((item, index) => this.valueOf(item, [...path, index]));
    this.#open.delete(node);
    return value;
  }

  #aliasOf(target: unknown, range: readonly number[] | null | undefined, path: Path): unknown {
    if (range?.[0] !== undefined) this.#setPoint(path, range[0]);
    if (target !== undefined && !this.#open.has(target)) return this.valueOf(target, path);
    this.#report(path, "is an alias (*name) of nothing that stands before it");
    return undefined;
  }

  /** Keys of the map itself go before those that `<<` brings, and among these the first. */
  #mapOf(pairs: readonly Pair[], path: Path): Record<string, unknown> {
    const merged: Record<string, unknown> = {};
    for (const { key, value } of pairs) {
      if (keyText(key) !== "<<") continue;
      const found = this.valueOf(value, path);
      const maps = Array.isArray(found) ? found.toReversed() : [found];
      for (const map of maps as unknown[]) {
        if (isRecord(map)) Object.assign(merged, map);
        else this.#report(path, "merges (<<) something that is no map");
      }
    }
    for (const { key, value } of pairs) {
      const name = keyText(key);
      if (name === "<<") continue;
      const at = [...path, name];
      Object.defineProperty(merged, name, {
        value: value === null ? null : this.valueOf(value, at),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      this.#note(key, at);
    }
    return merged;
  }

  #note(node: unknown, path: Path): void {
    const range = (node as { range?: readonly number[] | null } | null)?.range;
    if (range?.[0] !== undefined) this.#setPoint(path, range[0]);
  }

  #setPoint(path: Path, offset: number): void {
    const { line, col: column } = this.lineCounter.linePos(offset);
    this.#points.set(pathText(path), { line, column });
  }

  #report(path: Path, message: string): void {
    this.mistakes.push({
      file: this.file,
      line: this.pointOf(path)?.line,
      path: pathText(path),
      message,
    });
  }
}

/** A number that JavaScript would write otherwise (0644, ids of twenty digits) stays its text. */
function scalarOf({ value, source }: Scalar): unknown {
  const isOther = typeof value === "number" && source !== undefined && String(value) !== source;
  return isOther && /^[+-]?\d+$/.test(source) ? source : value;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** Whether a value is a map of a YAML file. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
