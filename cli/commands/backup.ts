import type { Command } from "commander";

/** Adds `homelab backup …`. */
export function registerBackup(program: Command): void {
  const backup = program.command("backup").description("prove that backups can be restored");

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
}
