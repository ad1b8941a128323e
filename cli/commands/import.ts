import type { Command } from "@commander-js/extra-typings";
import { hostWith } from "../../model/host-names.ts";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

const collected = (word: string, before: readonly string[]) => [...before, word];

/** Adds `homelab import`. */
export function registerImport(program: Command): void {
  program
    .command("import <compose.yaml>")
    .description("write an app's plan from a Compose file, and say what it leaves to decide")
    .option("--service <name>", "this one and what it needs; repeat for more", collected, [])
    .option("--no-deps", "the named services alone")
    .option("--profile <name>", 'also the services of this profile, "*" for all', collected, [])
    .option("--env-file <file>", "variables in place of .env; repeat for more", collected, [])
    .option("--host <host>", "where it is going to run", hostWith("home"))
    .option("--name <name>", "name of the app, in place of the Compose project's")
    .option(
      "--domain <folder>",
      "folder below components/, also in the type of its resources; else its name",
    )
    .option("--force", "replace files that are there")
    .option("--print", "print the files, and write none")
    .addOption(new JsonOption(async () => (await import("../import/report.ts")).importReportSchema))
    .addHelpText(
      "after",
      "\nExit codes: 0 written, 3 written, and something is left to decide or to mend, 2 wrong input.\n" +
        "Values of secrets are read, and neither written nor printed.",
    )
    .addHelpText(
      ...example("npx homelab import ~/photos/compose.yaml --service web --domain photos"),
    )
    .action(async (file, options) => {
      const { importCommand } = await import("../import/import.ts");
      process.exitCode = await importCommand(file, {
        services: options.service,
        alone: !options.deps,
        profiles: options.profile,
        envFiles: options.envFile,
        host: options.host,
        name: options.name,
        domain: options.domain,
        force: options.force === true,
        print: options.print === true,
        json: options.json === true,
      });
    });
}
