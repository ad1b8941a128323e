// Where the sources name an image, and whether a program can change that.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A line of the sources. */
export interface SourceLine {
  /** Path in the checkout. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Where an image is named. */
export interface DeclaredPlace {
  /** Files in which the whole reference stands, once, as one text; each path in the checkout. */
  readonly files: readonly string[];
  /** Lines that a person has to change, because it is put together or named more than once. */
  readonly byHand: readonly SourceLine[];
}

/** The lines of a checkout that may name an image. */
export interface Sources {
  /** What is declared. */
  readonly declaring: readonly SourceLine[];
  /** With what the sandbox imitates it. */
  readonly imitating: readonly SourceLine[];
}

/** Reads the lines of a checkout that may name an image. */
export async function readSources(folder: string): Promise<Sources> {
  const read = async (places: readonly string[]): Promise<SourceLine[]> => {
    const files = (await Promise.all(places.map((place) => sourcesIn(folder, place)))).flat();
    return (await Promise.all(files.map((file) => linesOf(folder, file)))).flat();
  };
  return {
    declaring: await read(["components", "household"]),
    imitating: await read(["sandbox/images/entries"]),
  };
}

/**
 * Finds where an image is named. It can be changed by a program where the declaration, and the
 * sandbox's entry if there is one, name it once, in full, as one text.
 * @param image full reference
 */
export function declaredPlace(sources: Sources, image: string): DeclaredPlace {
  const naming = ({ text }: SourceLine): boolean =>
    text.includes(quoted(image)) || isPutTogether(text, image);
  const declaring = sources.declaring.filter(naming);
  const imitating = sources.imitating.filter(naming);
  const all = [...declaring, ...imitating];
  const isPlain = ({ text }: SourceLine): boolean => text.split(quoted(image)).length === 2;
  const isSimple = declaring.length === 1 && imitating.length <= 1 && all.every(isPlain);
  return isSimple ? { files: all.map(({ file }) => file), byHand: [] } : { files: [], byHand: all };
}

/** A reference as a source names it. */
export function quoted(image: string): string {
  return JSON.stringify(image);
}

async function linesOf(folder: string, file: string): Promise<SourceLine[]> {
  const text = await readFile(join(folder, file), "utf8");
  return text.split("\n").flatMap((line, index): SourceLine[] => {
    const mayName = /["`]/.test(line) && line.includes("/") && line.includes(":");
    return mayName && !isComment(line) ? [{ file, line: index + 1, text: line.trim() }] : [];
  });
}

/** Files in order of their names; a folder that is not there has none. */
async function sourcesIn(folder: string, place: string): Promise<string[]> {
  try {
    const names = await readdir(join(folder, place), { recursive: true });
    return names
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => `${place}/${name}`);
  } catch {
    return [];
  }
}

/**
 * Whether a line has a template of which this image may be one: what stands between its gaps names a
 * part of a repository and parts it from a tag, and stands in the image in this order.
 */
function isPutTogether(line: string, image: string): boolean {
  return [...line.matchAll(/`([^`]*)`/g)].some(([, template = ""]) => {
    const parts = template.split(/\$\{[^}]*\}/);
    const isReference = parts.some((part) => /\/[a-z0-9]/.test(part)) && template.includes(":");
    if (parts.length < 2 || !isReference) return false;
    return new RegExp(`^${parts.map(literally).join(".*")}$`).test(image);
  });
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function isComment(line: string): boolean {
  return /^\s*(\/\/|\*|\/\*)/.test(line);
}
