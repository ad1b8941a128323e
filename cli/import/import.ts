import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { withJobs } from "../../components/backup/with-jobs.plan.ts";
import { importCompose, type ImportedApp, type WrittenFile } from "../../compose/import.ts";
import { mistakeProblem, mistakeText, type Mistake } from "../../compose/mistake.ts";
import { BACKUP_PROGRAM } from "../../household/backup.ts";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/errors.ts";
import { declarationsOf, openProject, siteOf } from "../../workspace/project.ts";
import { hostNamed } from "../arguments.ts";
import { print, printJson } from "../output.ts";
import { problemsWith } from "./check.ts";
import { DISK } from "./disk.ts";
import { formatted } from "./format.ts";
import { houseFor } from "./house.ts";
import { importReport } from "./import-report.ts";
import { importText } from "./text.ts";
import { importReportSchema } from "./report.ts";

/** Options of `homelab import`. */
export interface ImportCommandOptions {
  readonly services: readonly string[];
  readonly alone: boolean;
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
  readonly host: string;
  readonly name: string | undefined;
  readonly domain: string | undefined;
  readonly force: boolean;
  readonly print: boolean;
  readonly json: boolean;
}

/**
 * Writes an app's plan from a Compose file, and answers the exit code.
 * @throws UserError HL-IMPORT with every mistake of the file, HL-IMPORT-EXISTS
 */
export async function importCommand(file: string, options: ImportCommandOptions): Promise<number> {
  const hostName = hostNamed(options.host);
  const domain = options.domain === undefined ? undefined : domainNamed(options.domain);
  const project = await openProject();
  const hosts = declarationsOf(project);
  const host = hosts.find((one) => one.host === hostName);
  if (!host) throw new Error(`"${hostName}" is not declared`);
  const checkout = project.programFolder;
  const site = siteOf(project, hostName);
  const result = importCompose(
    {
      file: resolve(file),
      house: await houseFor(checkout, site, host, domain),
      app: options.name,
      services: options.services.length > 0 ? options.services : undefined,
      alone: options.alone,
      profiles: options.profiles,
      envFiles:
        options.envFiles.length > 0 ? options.envFiles.map((one) => resolve(one)) : undefined,
    },
    DISK,
  );
  if ("mistakes" in result) throw mistaken(file, result.mistakes);
  const imported = await withForm(result.imported);
  const problems = problemsWith(
    withJobs(BACKUP_PROGRAM, site, hostName, imported.declared),
    hostName,
    hosts,
  );
  if (!options.print) write(imported.files, checkout, options.force);
  const report = importReport(imported, { host: hostName, problems, written: !options.print });
  if (options.json) printJson(importReportSchema, report);
  else if (options.print)
    print(imported.files.map(({ path, text }) => `// ${path}\n${text}`).join("\n"));
  else print(importText(report));
  return report.exitCode;
}

/** @throws UserError HL-USAGE for a name that no folder of components has */
function domainNamed(text: string): string {
  if (/^[a-z][a-z0-9-]*$/.test(text)) return text;
  throw new UserError(
    "HL-USAGE",
    `"${text}" is no folder of components/; use small letters, digits and -`,
  );
}

async function withForm(imported: ImportedApp): Promise<ImportedApp> {
  const files = imported.files.map(async ({ path, text }) => ({
    path,
    text: await formatted(text),
  }));
  return { ...imported, files: await Promise.all(files) };
}

function mistaken(file: string, mistakes: readonly Mistake[]): UserError {
  const lines = [...new Set(mistakes.map((mistake) => `  ${mistakeText(mistake)}`))];
  return new UserError(
    "HL-IMPORT",
    `${counted(lines.length, "mistake")} in ${file}; nothing was written:\n${lines.join("\n")}`,
    mistakes.map(mistakeProblem),
  );
}

/** @throws UserError HL-IMPORT-EXISTS before the first file is written */
function write(files: readonly WrittenFile[], checkout: string, force: boolean): void {
  const there = files.filter(({ path }) => existsSync(join(checkout, path)));
  if (there.length > 0 && !force) {
    throw new UserError(
      "HL-IMPORT-EXISTS",
      `${there.map(({ path }) => path).join(", ")}: there already; nothing was written. Repeat with --force to replace, or with another --name or --domain`,
    );
  }
  for (const { path, text } of files) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
}
