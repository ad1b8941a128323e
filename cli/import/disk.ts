import { readFileSync, statSync } from "node:fs";
import type { Sources } from "../../compose/resolve/sources.ts";

/** Files on this computer. */
export const DISK: Sources = {
  text: (path) => (isThere(path)?.isFile() ? readFileSync(path, "utf8") : undefined),
  kind: (path) => {
    const found = isThere(path);
    if (!found) return undefined;
    return found.isDirectory() ? "folder" : "file";
  },
};

function isThere(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}
