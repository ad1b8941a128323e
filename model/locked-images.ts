import type { ServiceDeclaration } from "./declaration.ts";
import type { ImageLock } from "./image-reference.ts";

/** The images of services, each once: digest by reference. One whose digest nobody knows is left out. */
export function lockedImages(
  services: readonly Pick<ServiceDeclaration, "image">[],
  { images }: ImageLock,
): Map<string, string> {
  return new Map(
    services.flatMap(({ image }): [string, string][] => {
      const digest = images[image];
      return digest === undefined ? [] : [[image, digest]];
    }),
  );
}
