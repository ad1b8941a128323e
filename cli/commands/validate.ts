import type { Command } from "commander";
import { example } from "../example.ts";

/** Adds `homelab validate`. */
export function registerValidate(program: Command): void {
  program
    .command("validate")
    .description("check declarations, site, image lock and secrets, without any host")
    .option("--json", "for programs")
    .addHelpText("after", "\nExit codes: 0 nothing wrong, 2 mistakes found.")
    .addHelpText(...example("npx homelab validate"))
    .action(async (options: { json?: boolean }) => {
      const { validate } = await import("../validate/validate.ts");
      process.exitCode = await validate(options.json === true);
    });
}
