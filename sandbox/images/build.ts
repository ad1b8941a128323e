// Builds every image the stacks ask for, without an engine.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { step, type Reporter } from "../reporter.ts";
import { baseLayer } from "./base.ts";
import { buildImage, type BuiltImage, type Shared } from "./image.ts";
import { IMAGES } from "./manifest.ts";
import { programStep } from "../toolchain.ts";
import { nodeProgram } from "./node-program.ts";
import { standInLayer } from "./programs.ts";
import { Store, writeAtomically } from "./store.ts";
import type { ImageEntry } from "./types.ts";

/** How images are built. */
export interface BuildOptions {
  /** The cache folder of this computer; images lie in `<cache>/images`. */
  readonly cache: string;
  /** Told about steps that take long. */
  readonly reporter: Reporter;
  /** What to build. @default every image of the manifest */
  readonly images?: readonly ImageEntry[];
  /**
   * Folder with programs built from Go modules.
   * @default what the toolchain's `services` group answers, built first where it is missing
   */
  readonly programs?: string;
}

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

/** Blobs of an earlier build stay this long, for whoever still pushes from it. */
const KEPT_DAYS = 7;

/** All images, as they lie in the store. */
export interface Built {
  readonly store: Store;
  readonly images: readonly BuiltImage[];
}

/** The layers that every image has, built where the store lacks them; on a fresh computer minutes. */
export async function sharedLayers({
  cache,
  reporter,
}: Pick<BuildOptions, "cache" | "reporter">): Promise<
  Pick<Shared, "base" | "standIn"> & { readonly store: Store }
> {
  const store = new Store(join(cache, "images"));
  await store.open();
  const [base, standIn] = await Promise.all([
    step(reporter, "base layer of the images", () => baseLayer(store)),
    step(reporter, "stand-in program", () => standInLayer(store)),
  ]);
  return { store, base, standIn };
}

/**
 * Builds what is missing. With nothing to do it reads a few small files.
 * @throws UserError when this is not root or the machine lacks a program
 */
export async function buildImages(options: BuildOptions): Promise<Built> {
  const { reporter } = options;
  const [programs, node, { store, base, standIn }] = await Promise.all([
    options.programs ??
      programStep({ checkout: CHECKOUT, cache: options.cache }, "services", reporter),
    nodeProgram(),
    sharedLayers(options),
  ]);
  const shared: Shared = { base, standIn, programs, node };
  const entries = options.images ?? IMAGES;
  const images = await step(reporter, `${entries.length} images`, () =>
    Promise.all(entries.map((entry) => buildImage(store, entry, shared))),
  );
  await writeAtomically(join(store.folder, "index.json"), index(images));
  await store.forget(KEPT_DAYS, digestsOf(images));
  return { store, images };
}

function digestsOf(images: readonly BuiltImage[]): Set<string> {
  return new Set(
    images.flatMap((image) => [
      image.manifest.digest,
      image.configuration.digest,
      ...image.layers.map((layer) => layer.digest),
    ]),
  );
}

/** The layout's table of contents, for `skopeo inspect oci:<folder>:<reference>` and the like. */
function index(images: readonly BuiltImage[]): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: images.map((image) => ({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      ...image.manifest,
      annotations: { "org.opencontainers.image.ref.name": image.reference },
    })),
  });
}
