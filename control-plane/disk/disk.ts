// How a part keeps what must outlive a crash. All of it is synchronous: between looking at a file
// and writing it nothing else of the process happens, and what returned is on the disk.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
  fstatSync,
  readSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** The files of a part. */
export interface Disk {
  /** A text; undefined when there is no such file. */
  readonly read: (path: string) => string | undefined;
  /** Length of a file in bytes; 0 when it is not there. */
  readonly size: (path: string) => number;
  /** Names in a folder, sorted; none when it is not there. Drafts of files are left out. */
  readonly list: (folder: string) => string[];
  /** Puts a file in its place, whole or not at all. */
  readonly write: (path: string, text: string) => void;
  /** Makes a file, whole; false, and nothing done, when it is there: of many who try one does. */
  readonly create: (path: string, text: string) => boolean;
  /** Adds a whole line. What a crash left without an end is ended first. */
  readonly append: (path: string, line: string) => void;
  /** Gives a file another name, in place of what has it. */
  readonly move: (from: string, to: string) => void;
  /** Takes a file away; one that is not there is none. */
  readonly remove: (path: string) => void;
}

/** Not world-readable: what was approved is nobody else's to read. */
const FILE_MODE = 0o640;
const FOLDER_MODE = 0o750;

/** The disk that a path of the file system is on. */
export const disk: Disk = {
  read: (path) => orUndefined(() => readFileSync(path, "utf8")),
  size: (path) => orUndefined(() => statSync(path).size) ?? 0,
  list: (folder) =>
    (orUndefined(() => readdirSync(folder)) ?? []).filter((name) => !name.startsWith(".")).sort(),
  write: (path, text) => {
    const draft = draftOf(path, text);
    renameSync(draft, path);
    syncFolder(dirname(path));
  },
  create: (path, text) => {
    const draft = draftOf(path, text);
    try {
      linkSync(draft, path);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      return false;
    } finally {
      rmSync(draft, { force: true });
    }
    syncFolder(dirname(path));
    return true;
  },
  append: (path, line) => {
    mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
    const file = openSync(path, "a+", FILE_MODE);
    try {
      writeAll(file, endsWhole(file) ? line : `\n${line}`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  move: (from, to) => {
    mkdirSync(dirname(to), { recursive: true, mode: FOLDER_MODE });
    renameSync(from, to);
    syncFolder(dirname(to));
    syncFolder(dirname(from));
  },
  remove: (path) => rmSync(path, { force: true }),
};

function draftOf(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const unique = randomBytes(6).toString("hex");
  const draft = join(dirname(path), `.${basename(path)}.${unique}.new`);
  const file = openSync(draft, "wx", FILE_MODE);
  try {
    writeAll(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return draft;
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += writeSync(file, bytes, at));
}

function endsWhole(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === "\n";
}

function syncFolder(folder: string): void {
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
