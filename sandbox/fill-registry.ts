// Gives the registry every image that the stacks ask for, and writes down their digests.
import { buildImages, sharedLayers } from "./images/build.ts";
import { writeImageLock } from "./images/lock.ts";
import { pushImages } from "./images/push.ts";
import { projectPaths } from "./project.ts";
import { registryAccess } from "./registry.ts";
import { step, type Reporter } from "./reporter.ts";
import type { SandboxSettings } from "./settings.ts";

/** Makes the layers that all images share, so that they are there when the images are built. */
export async function prepareLayers(settings: SandboxSettings, reporter: Reporter): Promise<void> {
  await sharedLayers({ cache: settings.cache, reporter });
}

/**
 * Builds what is missing, pushes what the registry lacks, writes the image lock file.
 * @param programs folder of the toolchain's `services` group
 */
export async function fillRegistry(
  settings: SandboxSettings,
  programs: string,
  reporter: Reporter,
): Promise<void> {
  const built = await buildImages({ cache: settings.cache, reporter, programs });
  await step(
    reporter,
    "push images",
    () => pushImages(registryAccess(settings), built),
    (pushed) => `${pushed.sent.length} sent, ${pushed.present} there`,
  );
  await writeImageLock(projectPaths(settings.folder).imageLock, built);
}
