/** What a plan is printed from: plain data, with pieces of code and remarks where they belong. */
export type Printable =
  | string
  | number
  | boolean
  | undefined
  | Code
  | Noted
  | readonly Printable[]
  | { readonly [key: string]: Printable };

/** A piece of TypeScript, with what it comes to. */
export class Code {
  constructor(
    readonly text: string,
    readonly value: unknown,
  ) {}
}

/** The host's reverse proxy in a plan: its network, and what waits for it. */
export const PROXY_NETWORK = "proxy.network";
export const REACHED_THROUGH = "reachedThrough(proxy)";

/** Whether a piece of code is about the host's reverse proxy, which the app is given. */
export function isAboutProxy(piece: string): boolean {
  return piece === PROXY_NETWORK || piece === REACHED_THROUGH;
}

/** Something with remarks on the lines above it. */
export class Noted {
  constructor(
    readonly notes: readonly string[],
    readonly value: Printable,
  ) {}
}

/** A value with its remarks, if there are any. */
export function noted(notes: readonly string[], value: Printable): Printable {
  return notes.length === 0 ? value : new Noted(notes, value);
}

/** What the code comes to when it runs. */
export function plainOf(printable: Printable): unknown {
  if (printable instanceof Code) return printable.value;
  if (printable instanceof Noted) return plainOf(printable.value);
  if (Array.isArray(printable)) return (printable as readonly Printable[]).map(plainOf);
  if (typeof printable !== "object") return printable;
  return Object.fromEntries(
    Object.entries(printable as Record<string, Printable>)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, plainOf(value)]),
  );
}

/** The pieces of code in it, without what is plain. */
export function codePieces(printable: Printable): string[] {
  if (printable instanceof Code) return [printable.text];
  if (printable instanceof Noted) return codePieces(printable.value);
  return typeof printable === "object" ? Object.values(printable).flatMap(codePieces) : [];
}

const WIDTH = 100;
const STEP = "  ";

/**
 * TypeScript of a value, laid out as the rest of the house.
 * @param indent of the line it begins in
 * @param taken columns before it in that line, beside the indent
 */
export function codeOf(printable: Printable, indent = "", taken = 0): string {
  const line = inOneLine(printable);
  if (line !== undefined && indent.length + taken + line.length <= WIDTH) return line;
  if (printable instanceof Noted) return codeOf(printable.value, indent, taken);
  const inner = indent + STEP;
  if (Array.isArray(printable)) {
    const items = (printable as readonly Printable[]).map(
      (item) => `${notesOf(item, inner)}${inner}${codeOf(item, inner, 1)},\n`,
    );
    return `[\n${items.join("")}${indent}]`;
  }
  if (typeof printable !== "object" || printable instanceof Code) return scalar(printable);
  const fields = Object.entries(printable as Record<string, Printable>)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const name = keyOf(key);
      if (isSame(key, value)) return `${notesOf(value, inner)}${inner}${name},\n`;
      const text = codeOf(value, inner, name.length + 3);
      return `${notesOf(value, inner)}${inner}${name}: ${text},\n`;
    });
  return `{\n${fields.join("")}${indent}}`;
}

/** A remark as lines of comment. */
export function commentLines(text: string, indent: string): string {
  const room = WIDTH - indent.length - "// ".length;
  const lines = text.split(" ").reduce<string[]>((found, word) => {
    const last = found.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) {
      return [...found.slice(0, -1), `${last} ${word}`];
    }
    return [...found, word];
  }, []);
  return lines.map((line) => `${indent}// ${line}\n`).join("");
}

function notesOf(value: Printable, indent: string): string {
  return value instanceof Noted
    ? value.notes.map((note) => commentLines(note, indent)).join("")
    : "";
}

/** The value in one line; undefined where it cannot be, or has remarks in it. */
function inOneLine(printable: Printable): string | undefined {
  if (printable instanceof Noted) return inOneLine(printable.value);
  if (Array.isArray(printable)) {
    const items = (printable as readonly Printable[]).map(inLine);
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  if (typeof printable !== "object" || printable instanceof Code) {
    const text = scalar(printable);
    return text.includes("\n") ? undefined : text;
  }
  const entries = Object.entries(printable as Record<string, Printable>).filter(
    ([, value]) => value !== undefined,
  );
  if (entries.length === 0) return "{}";
  const fields = entries.map(([key, value]) => {
    const text = inLine(value);
    if (text === undefined) return undefined;
    return isSame(key, value) ? key : `${keyOf(key)}: ${text}`;
  });
  return fields.includes(undefined) ? undefined : `{ ${fields.join(", ")} }`;
}

function inLine(value: Printable): string | undefined {
  return value instanceof Noted ? undefined : inOneLine(value);
}

/** `at: at` is written `at`. */
function isSame(key: string, value: Printable): boolean {
  return value instanceof Code && value.text === key;
}

function scalar(value: Printable): string {
  if (value instanceof Code) return value.text;
  if (typeof value !== "string") return JSON.stringify(value) ?? "undefined";
  return value.includes("\n") ? template(value) : textOf(value);
}

/** A text in quotes: double ones, unless it has more of them than of single ones. */
export function textOf(value: string): string {
  const double = JSON.stringify(value);
  const count = (mark: string) => value.split(mark).length - 1;
  if (count('"') <= count("'")) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A text of several lines between backticks. */
function template(value: string): string {
  return `\`${escaped(value)}\``;
}

/** A text as it stands between backticks. */
export function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${");
}

/** A key of an object, in quotes where it has to be. */
export function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : textOf(key);
}
