// The images that a run needs: those with the real programs, and the sandbox's for what they require.
import { buildImage, type BuiltImage } from "../../sandbox/images/image.ts";
import { sharedLayers, type Built } from "../../sandbox/images/build.ts";
import { IMAGES } from "../../sandbox/images/manifest.ts";
import { nodeProgram } from "../../sandbox/images/node-program.ts";
import { step, type Reporter } from "../../sandbox/reporter.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import { programStep } from "../../sandbox/toolchain.ts";
import type { ImageEntry } from "../../sandbox/images/types.ts";
import type { RealImage, RealProgram } from "./real-program.ts";
import { rootLayer } from "./roots.ts";

/**
 * Builds what is missing.
 * @param references of all images that are needed
 * @param real of each real program its image, by reference
 * @throws Error when nothing says how to build one of them
 */
export async function buildRunImages(
  settings: SandboxSettings,
  reporter: Reporter,
  references: readonly string[],
  real: ReadonlyMap<string, RealImage>,
): Promise<Built> {
  const { store, base, standIn } = await sharedLayers({ cache: settings.cache, reporter });
  const services = await programStep(settings, "services", reporter);
  const built = references.some((one) => real.get(one)?.entry.programs !== undefined)
    ? await programStep(settings, "conformance", reporter)
    : services;
  const node = await nodeProgram();
  const images: BuiltImage[] = [];
  // One after another: a root takes minutes of a processor.
  for (const reference of references) {
    const image = real.get(reference);
    const own = image !== undefined && image.entry.programs !== undefined;
    const shared = {
      base: image ? await rootStep(image, () => rootLayer(store, image.root), reporter) : base,
      standIn,
      node,
      programs: own ? built : services,
    };
    images.push(await buildImage(store, entryOf(reference, image), shared));
  }
  return { store, images };
}

function rootStep<T>({ root }: RealImage, make: () => Promise<T>, reporter: Reporter): Promise<T> {
  return step(reporter, `root ${root}`, make);
}

/** The sandbox's entry with what differs where the real program runs. */
export function entryOf(reference: string, image: RealImage | undefined): ImageEntry {
  const entry = IMAGES.find((one) => one.reference === reference);
  if (!entry) throw new Error(`the sandbox has no image "${reference}"`);
  if (!image) return entry;
  const { standIn: _standIn, ...plain } = entry;
  return { ...plain, kind: "real", ...image.entry };
}

/**
 * The images of real programs by their reference.
 * @param imageOf the declared image of a service
 * @throws Error when two programs of one image disagree about it
 */
export function realImages(
  programs: readonly RealProgram[],
  imageOf: (service: string) => string,
): Map<string, RealImage> {
  const images = new Map<string, RealImage>();
  for (const { service, image } of programs) {
    if (!image) continue;
    const reference = imageOf(service);
    const known = images.get(reference);
    if (known && known !== image) throw new Error(`"${reference}" has two real images`);
    images.set(reference, image);
  }
  return images;
}
