import type { Command } from "commander";

interface RestoreFlags {
  readonly host?: string;
  readonly snapshot?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly leaveStopped?: boolean;
}

/** Adds `homelab backup …`. */
export function registerBackup(program: Command): void {
  const backup = program
    .command("backup")
    .description("restore backups, and prove that they can be");

  backup
    .command("verify <service>")
    .description("restore the newest copy into a scratch folder and compare it with what is there")
    .option("--host <host>", "where the service runs, if several hosts have one of that name")
    .option("--json", "for programs")
    .addHelpText("after", "\nExit codes: 0 the copy is good, 1 it is not. Live data is only read.")
    .action(async (service: string, options: { host?: string; json?: boolean }) => {
      const { verifyBackup } = await import("../backup/verify.ts");
      process.exitCode = await verifyBackup(service, options.host, options.json === true);
    });

  backup
    .command("restore <service>")
    .description("put a service's data back from its newest copy; what was there is kept aside")
    .option("--host <host>", "where the service runs, if several hosts have one of that name")
    .option("--snapshot <id>", "an older copy; what the other jobs of the service have stays")
    .option("-y, --yes", "do not ask")
    .option("--leave-stopped", "do not start its containers again, to look at the data first")
    .option("--json", "for programs; needs --yes")
    .addHelpText(
      "after",
      "\nAlso takes a volume or a folder. Exit codes: 0 it is back, 1 it is not.",
    )
    .action(async (service: string, options: RestoreFlags) => {
      const { restoreBackup } = await import("../backup/restore.ts");
      process.exitCode = await restoreBackup(service, {
        host: options.host,
        snapshot: options.snapshot,
        yes: options.yes === true,
        json: options.json === true,
        leaveStopped: options.leaveStopped === true,
      });
    });
}
