import type { Command } from "commander";
import { UserError } from "../../model/errors.ts";

interface VerifyFlags {
  readonly all?: boolean;
  readonly host?: string;
  readonly json?: boolean;
}

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
    .description("list, make and restore backups, and prove that they can be");

  backup
    .command("list [hosts...]")
    .description("every volume, folder and database that is copied: how old, how much, how many")
    .option("--json", "for programs")
    .addHelpText(
      "after",
      "\nExit codes: 0 all is well, 1 a host, a job or the store could not be asked, 2 a copy is overdue, missing, suspiciously small (less than half of a week before) or failed. Changes nothing.",
    )
    .action(async (hosts: string[], options: { json?: boolean }) => {
      const { listBackups } = await import("../backup/list.ts");
      process.exitCode = await listBackups(hosts, options.json === true);
    });

  backup
    .command("run <words...>")
    .description("make copies now: of jobs or services, of a host, or both, e.g. `run pihole vps`")
    .option("--json", "for programs")
    .addHelpText(
      "after",
      "\nA run of the schedule that is under way is waited for. Exit codes: 0 everything is copied, 1 not everything.",
    )
    .action(async (words: string[], options: { json?: boolean }) => {
      const { runBackups } = await import("../backup/run.ts");
      process.exitCode = await runBackups(words, options.json === true);
    });

  backup
    .command("verify [service]")
    .description("restore the newest copy into a scratch folder and compare it with what is there")
    .option("--all", "every job's, one after another, instead of one service's")
    .option("--host <host>", "where the service runs; with --all: only the jobs of this host")
    .option("--json", "for programs")
    .addHelpText(
      "after",
      "\nExit codes: 0 the copies are good, 1 not all are. Live data is only read; `backup list` shows the result.",
    )
    .action(async (service: string | undefined, options: VerifyFlags) => {
      if ((service === undefined) !== (options.all === true)) {
        throw new UserError("HL-USAGE", "say either a service or --all");
      }
      const { verifyBackup } = await import("../backup/verify.ts");
      const { host, json } = options;
      process.exitCode = await verifyBackup({ service, host, json: json === true });
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
