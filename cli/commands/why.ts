import type { Command } from "@commander-js/extra-typings";
import { PROXIES } from "../../household/proxies.ts";
import { hostWith } from "../../model/host-names.ts";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab why`. */
export function registerWhy(program: Command): void {
  program
    .command("why <service>")
    .description("why a service is as it is, what to mend first, and the command that helps")
    .addOption(
      new JsonOption(async () => (await import("../../deploy/why/answer.ts")).whyAnswerSchema),
    )
    .addHelpText(
      "after",
      `\nA service that several hosts have is named with its host: ${hostWith("coordinator")}/${PROXIES.coordinator.service}.\nExit codes: 0 well, 2 not well, 1 a host that it depends on is away. Changes nothing.`,
    )
    .addHelpText(...example("npx homelab why jellyfin"))
    .action(async (service, options) => {
      const { why } = await import("../why/why.ts");
      process.exitCode = await why(service, options.json === true);
    });
}
