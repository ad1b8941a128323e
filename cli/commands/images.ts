import { Option, type Command } from "commander";
import { COOL_DOWN } from "../images/cool-down.ts";

/** Adds `homelab images …`. */
export function registerImages(program: Command): void {
  const images = program
    .command("images")
    .description("pin the images to exact bytes, see what is newer, remove old ones");

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

  images
    .command("outdated [services...]")
    .description("ask the registries what is newer than what is declared")
    .addOption(coolDownOption())
    .option("--json", "for programs (docs/images.md)")
    .addHelpText(
      "after",
      `
Exit codes: 0 nothing newer, 2 something newer, 1 an image could not be asked for.
Changes nothing. An unknown age waits; --cool-down 0 lets nothing wait.

  npx homelab images outdated
  npx homelab images outdated immich-server forgejo --cool-down 14d`,
    )
    .action(async (services: string[], options: { coolDown: string; json?: boolean }) => {
      const { outdated } = await import("../images/outdated.ts");
      process.exitCode = await outdated(services, {
        coolDown: options.coolDown,
        json: options.json === true,
      });
    });
}

function coolDownOption(): Option {
  const about = "how old a version has to be, e.g. 36h or 14d";
  return new Option("--cool-down <time>", about).default(COOL_DOWN);
}
