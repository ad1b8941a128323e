import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab overrides`. */
export function registerOverrides(program: Command): void {
  program
    .command("overrides [hosts...]")
    .description("what is otherwise on the hosts than declared because a file there says so")
    .addOption(
      new JsonOption(async () => (await import("../overrides/report.ts")).overridesReportSchema),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 all of it is sound, 2 there are mistakes, 1 a host is away. Changes nothing.",
    )
    .addHelpText(...example("npx homelab overrides nas"))
    .action(async (hosts, options) => {
      const { overrides } = await import("../overrides/overrides.ts");
      process.exitCode = await overrides(hosts, options.json === true);
    });
}
