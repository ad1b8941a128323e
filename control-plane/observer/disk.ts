// The few things that the Observer does to a disk, behind one type, so that a test can be a full disk.
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";

/** A file that only grows. */
export interface GrowingFile {
  append(bytes: Buffer): Promise<void>;
  /** Returns when all that was appended is on the disk. */
  sync(): Promise<void>;
  /** Takes away what was appended beyond a length, also from the disk. */
  cutTo(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** A file in a folder. */
export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  /** 0 for a folder. */
  readonly bytes: number;
}

/** A disk; every method fails as Node.js does. */
export interface Disk {
  /** A new file, which is on the disk under its name; fails where there is one already. */
  create(path: string): Promise<GrowingFile>;
  /** Undefined where there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** Sorted by name; empty where there is no such folder. */
  list(folder: string): Promise<readonly Entry[]>;
  /**
   * Puts a text in a file's place, whole or not at all for whoever reads it meanwhile.
   * @param durable also whole after a power cut
   */
  put(path: string, text: string, durable: boolean): Promise<void>;
  append(path: string, text: string): Promise<void>;
  /** Returns when the file is on the disk, whoever wrote it. */
  sync(path: string): Promise<void>;
  rename(path: string, to: string): Promise<void>;
  /** Also of a file that is not there. */
  remove(path: string): Promise<void>;
  /** Fails while something is in it. */
  removeFolder(path: string): Promise<void>;
}

/** The disk of this computer. */
export const DISK: Disk = {
  async create(path) {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "ax", 0o640);
    // Its name too is only there after a power cut when its folder is synced; so is the folder's.
    await syncFolder(dirname(path));
    await syncFolder(dirname(dirname(path)));
    return {
      // Unlike one write, this goes on until all of it is written or fails.
      append: (bytes) => file.appendFile(bytes),
      sync: () => file.datasync(),
      async cutTo(bytes) {
        await file.truncate(bytes);
        await file.sync();
      },
      close: () => file.close(),
    };
  },
  read: (path) => orAbsent(readFile(path), undefined),
  async list(folder) {
    const found = await orAbsent(readdir(folder, { withFileTypes: true }), []);
    const entries = found.map(async (entry): Promise<Entry> => {
      const isFolder = entry.isDirectory();
      const bytes = entry.isFile() ? (await stat(`${folder}/${entry.name}`)).size : 0;
      return { name: entry.name, isFolder, bytes };
    });
    return (await Promise.all(entries)).sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  async put(path, text, durable) {
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.new`;
    if (durable) await writeSynced(draft, text);
    else await writeFile(draft, text, { mode: 0o640 });
    await rename(draft, path);
    if (durable) await syncFolder(dirname(path));
  },
  async append(path, text) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: "a", mode: 0o640 });
  },
  async sync(path) {
    const file = await open(path, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  removeFolder: (path) => rmdir(path),
};

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o640);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function orAbsent<T>(answer: Promise<T>, absent: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return absent;
    throw error;
  }
}
