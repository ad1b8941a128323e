// Files of the project are there as they were or as they are to be, never torn.
import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file whole or not at all: under another name beside it first, then renamed.
 * @param content what the file is to hold
 * @param mode its permissions. @default what the process gives to a new file
 * @throws what the file system says, as on a full disk; the file is then as it was
 */
export async function writeWhole(
  file: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  try {
    await writeFile(`${file}.new`, content, mode === undefined ? {} : { mode });
    await rename(`${file}.new`, file);
  } catch (error) {
    await rm(`${file}.new`, { force: true });
    throw error;
  }
}
