import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab adopt`. */
export function registerAdopt(program: Command): void {
  program
    .command("adopt <host> <service>")
    .description(
      "remove a container in whose place a service is to run; keep its volumes, copy its data",
    )
    .option("--from <container>", "its name, when it is not the service's")
    .option(
      "--volume <old=declared>",
      "copy a volume or folder to where the declared service has it; repeat for more",
      (word: string, before: readonly string[]) => [...before, word],
      [],
    )
    .option("--leave-data", "start without the data that no --volume names")
    .option("-y, --yes", "do not ask")
    .option("--ours", "also one that was deployed from here, when Pulumi's state is lost")
    .addOption(
      new JsonOption(
        async () => (await import("../adopt/answer.ts")).adoptAnswerSchema,
        "needs --yes",
      ),
    )
    .addHelpText("after", "\nThe next `pulumi up` then creates the declared container.")
    .addHelpText(...example("npx homelab adopt docker-vm jellyfin --from jellyfin_old"))
    .action(async (host, service, options) => {
      const { adopt } = await import("../adopt/adopt.ts");
      process.exitCode = await adopt(host, service, {
        yes: options.yes === true,
        json: options.json === true,
        ours: options.ours === true,
        from: options.from,
        volumes: options.volume ?? [],
        leaveData: options.leaveData === true,
      });
    });
}
