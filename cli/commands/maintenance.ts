import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab maintenance`. */
export function registerMaintenance(program: Command): void {
  program
    .command("maintenance [host] [time]")
    .description("say that you work on a host, so that nothing is started again there; list it")
    .option("--end", "you are done")
    .option("--reason <words>", "what you do there", "maintenance")
    .addOption(
      new JsonOption(
        async () => (await import("../maintenance/answer.ts")).maintenanceAnswerSchema,
      ),
    )
    .addHelpText(
      "after",
      "\n[time] is how long, such as 30m or 2h; without it, until --end. Without a host: who is under maintenance.\nA boot starts everything all the same.",
    )
    .addHelpText(...example('npx homelab maintenance nas 2h --reason "a new disk"'))
    .action(async (host, time, flags) => {
      const { maintenance } = await import("../maintenance/maintenance.ts");
      process.exitCode = await maintenance(host, time, {
        end: flags.end === true,
        reason: flags.reason ?? "maintenance",
        json: flags.json === true,
      });
    });
}
