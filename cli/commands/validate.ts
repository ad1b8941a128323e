import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab validate`. */
export function registerValidate(program: Command): void {
  program
    .command("validate")
    .description("check declarations, site, image lock and secrets, without any host")
    .addOption(
      new JsonOption(async () => (await import("../validate/answer.ts")).validateAnswerSchema),
    )
    .addHelpText("after", "\nExit codes: 0 nothing wrong, 2 mistakes found.")
    .addHelpText(...example("npx homelab validate"))
    .action(async (options) => {
      const { validate } = await import("../validate/validate.ts");
      process.exitCode = await validate(options.json === true);
    });
}
