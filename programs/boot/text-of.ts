import { readFileSync } from "node:fs";

/** The text of a small file, read there and then; undefined for one that cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
