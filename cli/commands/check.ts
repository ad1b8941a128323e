import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab check`. */
export function registerCheck(program: Command): void {
  program
    .command("check [hosts...]")
    .description(
      "the checklist: what a deployment needs of each host, mesh, mounts, secrets, boot unit, containers",
    )
    .addOption(new JsonOption(async () => (await import("../check/answer.ts")).checkAnswerSchema))
    .addHelpText(
      "after",
      "\nExit codes: 0 all is well, 1 warnings, 2 failures. A host that is away is a failure, or a warning where it is marked intermittent. Changes nothing.",
    )
    .addHelpText(...example("npx homelab check nas"))
    .action(async (hosts, options) => {
      const { check } = await import("../check/check.ts");
      process.exitCode = await check(hosts, options.json === true);
    });
}
