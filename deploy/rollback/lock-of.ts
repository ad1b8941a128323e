import type { ImageLock } from "../../model/image-reference.ts";
import type { Receipt } from "../staged/receipt.ts";

/** The digests that a deployment was made with. */
export function lockOf({ services }: Receipt): ImageLock {
  const images = Object.values(services).map(({ image }) => {
    const at = image.indexOf("@");
    return [image.slice(0, at), image.slice(at + 1)] as const;
  });
  return { version: 1, images: Object.fromEntries(images) };
}
