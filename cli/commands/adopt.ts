import type { Command } from "commander";

interface AdoptOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly ours?: boolean;
}

/** Adds `homelab adopt`. */
export function registerAdopt(program: Command): void {
  program
    .command("adopt <host> <service>")
    .description(
      "remove a container that was made by hand under a service's name; keep its volumes",
    )
    .option("-y, --yes", "do not ask")
    .option("--ours", "also one that was deployed from here, when Pulumi's state is lost")
    .option("--json", "for programs; needs --yes")
    .addHelpText("after", "\nThe next `pulumi up` then creates the declared container.")
    .action(async (host: string, service: string, options: AdoptOptions) => {
      const { adopt } = await import("../adopt/adopt.ts");
      process.exitCode = await adopt(host, service, {
        yes: options.yes === true,
        json: options.json === true,
        ours: options.ours === true,
      });
    });
}
