import { copyFile, readFile, writeFile } from "node:fs/promises";
import type { ImageLock } from "../../../model/image-reference.ts";
import { projectPaths } from "../../../sandbox/project.ts";
import type { Lab } from "./lab.ts";

/**
 * Lets the sandbox have an image under another name too: what counts for a deployment is that the
 * reference changes.
 * @returns what puts the lock file back
 */
export async function lockUnderAnotherName(
  lab: Lab,
  image: string,
  name: string,
): Promise<() => Promise<void>> {
  const file = projectPaths(lab.settings.folder).imageLock;
  await copyFile(file, `${file}.before`);
  const lock = JSON.parse(await readFile(file, "utf8")) as ImageLock;
  const images = { ...lock.images, [name]: lock.images[image] ?? "" };
  await writeFile(file, JSON.stringify({ ...lock, images }));
  return () => copyFile(`${file}.before`, file);
}
