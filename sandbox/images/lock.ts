import { dirname } from "node:path";
import { mkdir } from "node:fs/promises";
import type { ImageLock } from "../../model/image-reference.ts";
import type { Built } from "./build.ts";
import { writeAtomically } from "./store.ts";

/** The lock of the built images: reference to digest, sorted. */
export function imageLock(built: Pick<Built, "images">): ImageLock {
  const pairs = built.images.map((image) => [image.reference, image.manifest.digest] as const);
  return { version: 1, images: Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Writes the lock file that a stack's configuration names. */
export async function writeImageLock(path: string, built: Pick<Built, "images">): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, `${JSON.stringify(imageLock(built), undefined, 2)}\n`);
}
