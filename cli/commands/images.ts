import type { Command } from "commander";

/** Adds `homelab images …`. */
export function registerImages(program: Command): void {
  const images = program.command("images").description("pin the images to exact bytes");

  images
    .command("lock")
    .description("ask the registries for the digests that the image lock file lacks")
    .option("--update", "ask for all images, also those that have a digest")
    .option("--json", "for programs")
    .action(async (options: { update?: boolean; json?: boolean }) => {
      const { lockImages } = await import("../images/lock.ts");
      process.exitCode = await lockImages({
        update: options.update === true,
        json: options.json === true,
      });
    });
}
