// Gives the registry every image that the stacks ask for, and writes down their digests.
import { buildImages } from "./images/build.ts";
import { writeImageLock } from "./images/lock.ts";
import { pushImages } from "./images/push.ts";
import { projectPaths } from "./project.ts";
import { registryAccess } from "./registry.ts";
import { step, type Reporter } from "./reporter.ts";
import type { SandboxSettings } from "./settings.ts";

/** Builds what is missing, pushes what the registry lacks, writes the image lock file. */
export async function fillRegistry(settings: SandboxSettings, reporter: Reporter): Promise<void> {
  const built = await buildImages({ cache: settings.cache, reporter });
  await step(
    reporter,
    "push images",
    () => pushImages(registryAccess(settings), built),
    (pushed) => `${pushed.sent.length} sent, ${pushed.present} there`,
  );
  await writeImageLock(projectPaths(settings.folder).imageLock, built);
}
