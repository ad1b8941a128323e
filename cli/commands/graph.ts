import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab graph`. */
export function registerGraph(program: Command): void {
  program
    .command("graph [host]")
    .description(
      "levels, critical path, restart order and what breaks, of a host or of all together",
    )
    .option("--format <format>", "text, mermaid, dot or json", "text")
    .addOption(
      new JsonOption(
        async () => (await import("../graph/answer.ts")).graphAnswerSchema,
        "the same as --format json",
      ),
    )
    .option("--without <service>", "what breaks and what suffers when this service is down")
    .addHelpText(...example("npx homelab graph docker-vm --without paperless-db"))
    .action(async (host, options) => {
      const { graphCommand } = await import("../graph/graph.ts");
      await graphCommand(host, {
        format: options.json ? "json" : options.format,
        without: options.without,
      });
    });
}
