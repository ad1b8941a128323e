import type { Command } from "@commander-js/extra-typings";
import { UserError } from "../../model/errors.ts";
import { hostWith } from "../../model/host-names.ts";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab backup …`. */
export function registerBackup(program: Command): void {
  const backup = program
    .command("backup")
    .description("list, make and restore backups, and prove that they can be");

  backup
    .command("list [hosts...]")
    .description("every volume, folder and database that is copied: how old, how much, how many")
    .addOption(
      new JsonOption(async () => (await import("../backup/answers.ts")).copiesAnswerSchema),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 all is well, 1 a host, a job or the store could not be asked, 2 a copy is overdue, missing, suspiciously small (less than half of a week before) or failed. Changes nothing.",
    )
    .addHelpText(...example("npx homelab backup list nas"))
    .action(async (hosts, options) => {
      const { listBackups } = await import("../backup/list.ts");
      process.exitCode = await listBackups(hosts, options.json === true);
    });

  backup
    .command("run <words...>")
    .description(
      `make copies now: of jobs or services, of a host, or both, e.g. \`run pihole ${hostWith("coordinator")}\``,
    )
    .addOption(new JsonOption(async () => (await import("../backup/answers.ts")).runAnswerSchema))
    .addHelpText(
      "after",
      "\nA run of the schedule that is under way is waited for. Exit codes: 0 everything is copied, 1 not everything.",
    )
    .addHelpText(...example("npx homelab backup run nas forgejo"))
    .action(async (words, options) => {
      const { runBackups } = await import("../backup/run.ts");
      process.exitCode = await runBackups(words, options.json === true);
    });

  backup
    .command("verify [service]")
    .description("restore the newest copy into a scratch folder and compare it with what is there")
    .option("--all", "every job's, one after another, instead of one service's")
    .option("--host <host>", "where the service runs; with --all: only the jobs of this host")
    .addOption(
      new JsonOption(async () => (await import("../backup/answers.ts")).verifyAnswerSchema),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 the copies are good, 1 not all are. Live data is only read; `backup list` shows the result.",
    )
    .addHelpText(...example("npx homelab backup verify --all --host nas"))
    .action(async (service, options) => {
      if ((service === undefined) !== (options.all === true)) {
        throw new UserError("HL-USAGE", "say either a service or --all");
      }
      const { verifyBackup } = await import("../backup/verify.ts");
      const { host, json } = options;
      process.exitCode = await verifyBackup({ service, host, json: json === true });
    });

  restoreCommand(backup).action(async (service, options) => {
    if (options.all === true) {
      process.exitCode = await restoreAll(service, options);
      return;
    }
    if (service === undefined) {
      throw new UserError("HL-USAGE", "say a service, or --all --host <host>");
    }
    if (options.before !== undefined || options.replaceNewer === true) {
      throw new UserError("HL-USAGE", "--before and --replace-newer belong to --all");
    }
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

/** The definition of `backup restore`. */
function restoreCommand(backup: Command) {
  return backup
    .command("restore [service]")
    .description("put data back from its newest copy; what was there is kept aside")
    .option("--all", "everything that is copied of a host, e.g. of one that was set up anew")
    .option(
      "--host <host>",
      "with --all: which host; else where the service runs, if several have one",
    )
    .option(
      "--snapshot <snapshot>",
      "the id of an older copy; what the other jobs of the service have stays",
    )
    .option("--before <time>", "with --all: the newest copies from before then, or from before now")
    .option("--replace-newer", "with --all: also what was written to since the copies were made")
    .option("-y, --yes", "do not ask")
    .option("--leave-stopped", "do not start its containers again, to look at the data first")
    .addOption(
      new JsonOption(
        async () => (await import("../backup/answers.ts")).restoreAnswerSchema,
        "needs --yes",
      ),
    )
    .addHelpText(
      "after",
      "\nAlso takes a volume or a folder for a service. With --all what is back already is left alone, so it can be repeated. Exit codes: 0 it is back, 1 it is not, or not all of it.",
    )
    .addHelpText(
      ...example(
        "npx homelab backup restore vaultwarden",
        "npx homelab backup restore --all --host nas",
      ),
    );
}

/** What it is told. */
type RestoreOptions = ReturnType<ReturnType<typeof restoreCommand>["opts"]>;

async function restoreAll(service: string | undefined, options: RestoreOptions): Promise<number> {
  const { host, yes, json, before, replaceNewer } = options;
  const foreign = service ?? options.snapshot ?? options.leaveStopped;
  if (foreign !== undefined) {
    throw new UserError(
      "HL-USAGE",
      "--all is everything of a host, from the newest copies, and starts it again; only --host, --before, --replace-newer, --yes and --json go with it",
    );
  }
  if (host === undefined) {
    throw new UserError("HL-USAGE", "--all puts back one host at a time; say --host <host>");
  }
  const { restoreHost } = await import("../backup/whole-host/restore.ts");
  return restoreHost(host, {
    yes: yes === true,
    json: json === true,
    before: before === undefined ? undefined : timeIn(before),
    replaceNewer: replaceNewer === true,
  });
}

/** "now", or what ISO 8601 calls a time. */
function timeIn(text: string): Date {
  if (text === "now") return new Date();
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new UserError("HL-USAGE", `"${text}" is no time; say it as 2026-01-31T18:00:00Z, or now`);
}
