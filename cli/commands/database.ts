import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab database …`. */
export function registerDatabase(program: Command): void {
  program
    .command("database")
    .description("bring a PostgreSQL over to another major version")
    .command("convert <database>")
    .description("dump it, read the dump into a new folder of the declared version, compare, swap")
    .option("--host <host>", "where it runs, if several hosts have one of that name")
    .option("-y, --yes", "do not ask")
    .addOption(
      new JsonOption(
        async () => (await import("../database/answer.ts")).convertAnswerSchema,
        "needs --yes",
      ),
    )
    .addHelpText(
      "after",
      "\nDeclare the new image first, and deploy when it is done. Exit codes: 0 it is converted, or was; 1 it is as it was.",
    )
    .addHelpText(...example("npx homelab database convert paperless-db"))
    .action(async (database, { host, yes, json }) => {
      const { convertDatabase } = await import("../database/convert.ts");
      process.exitCode = await convertDatabase(database, {
        host,
        yes: yes === true,
        json: json === true,
      });
    });
}
