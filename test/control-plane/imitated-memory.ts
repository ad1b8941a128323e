// A disk in memory, for what is compared thousands of times: nothing waits for a real one.
import { basename, dirname } from "node:path";
import type { Disk } from "../../control-plane/disk/disk.ts";

/** An empty one. */
export function memoryDisk(): Disk {
  const files = new Map<string, string>();
  return {
    read: (path) => files.get(path),
    size: (path) => Buffer.byteLength(files.get(path) ?? ""),
    list: (folder) =>
      [...files.keys()]
        .filter((path) => dirname(path) === folder)
        .map((path) => basename(path))
        .sort(),
    write: (path, text) => void files.set(path, text),
    create: (path, text) => {
      if (files.has(path)) return false;
      files.set(path, text);
      return true;
    },
    append: (path, line) => void files.set(path, (files.get(path) ?? "") + line),
    move: (from, to) => {
      files.set(to, files.get(from) ?? "");
      files.delete(from);
    },
    remove: (path) => void files.delete(path),
  };
}
