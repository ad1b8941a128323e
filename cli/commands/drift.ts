import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab drift`. */
export function registerDrift(program: Command): void {
  program
    .command("drift [hosts...]")
    .description("what differs on the hosts from what is declared, in one look at each")
    .addOption(
      new JsonOption(async () => (await import("../../deploy/drift/rows.ts")).driftReportSchema),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 no drift, 2 drift, 1 a host is away (one that is marked intermittent may be). Changes nothing, and shows no secret.",
    )
    .addHelpText(...example("npx homelab drift docker-vm"))
    .action(async (hosts, options) => {
      const { drift } = await import("../drift/drift.ts");
      process.exitCode = await drift(hosts, options.json === true);
    });
}
