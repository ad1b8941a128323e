import { execa } from "execa";
import { putBack } from "../../deploy/rollback/put-back.ts";
import { commitOf, cacheAge, updateCheckout } from "../../deploy/staged/checkout.ts";
import { deployHosts } from "../../deploy/staged/run.ts";
import { assertPulumiEnvironment } from "../../workspace/pulumi.ts";
import { declarationsOf, openProject, withLocks } from "../../workspace/project.ts";
import { hostsNamed } from "../arguments.ts";
import { note, print, printJson } from "../output.ts";
import { interruptible } from "./interruptible.ts";
import { deployText } from "./text.ts";
import { deployReportSchema, type DeployReport } from "../../deploy/staged/report.ts";
import type { FurtherLook } from "../../deploy/staged/run-context.ts";

/** How `homelab deploy` was called. */
export interface DeployOptions {
  readonly resume: boolean;
  readonly full: boolean;
  readonly only: string | null;
  readonly offline: boolean;
  /** Put the last good deployment's containers of what becomes unhealthy back. */
  readonly rollbackOnFailure: boolean;
  /** Have the hosts put back what they are reached by when nobody comes back. */
  readonly guardWaysIn: boolean;
  /** What else the services are held to after they were deployed. @default nothing */
  readonly furtherLook?: FurtherLook;
  readonly root: string;
  readonly json: boolean;
}

/** Says that this process was started by the one which brought the checkout up to date. */
const UPDATED = "HOMELAB_UPDATED";

/** Deploys hosts, prints a summary and answers the exit code. */
export async function deploy(
  hostTexts: readonly string[],
  options: DeployOptions,
): Promise<number> {
  const report = await deployed(hostTexts, options);
  if (typeof report === "number") return report;
  if (options.json) printJson(deployReportSchema, report);
  else print(deployText(report));
  return report.exitCode;
}

/**
 * Deploys hosts and answers how that went; where the checkout moved it is the exit code of the same
 * command, run anew from the newer commit.
 */
export async function deployed(
  hostTexts: readonly string[],
  options: DeployOptions,
): Promise<DeployReport | number> {
  const hosts = hostsNamed(hostTexts);
  const project = await openProject();
  assertPulumiEnvironment(project, hosts);
  const folder = project.programFolder;
  const update = process.env[UPDATED] ?? (await updateText(folder, options));
  if (update === undefined) return again();
  const fleet = await withLocks(project, declarationsOf(project));
  const commit = await commitOf(folder);
  const { resume, full, only, guardWaysIn, root } = options;
  return interruptible((interrupted) =>
    deployHosts({
      ...{ project, fleet, hosts, resume, full, only, guardWaysIn, root },
      ...{ commit, update, interrupted, say: note },
      putBack: options.rollbackOnFailure ? putBack : undefined,
      ...(options.furtherLook && { furtherLook: options.furtherLook }),
    }),
  );
}

/** What was done about the checkout; undefined when it moved, and has to be read anew. */
async function updateText(
  folder: string,
  { resume, offline }: DeployOptions,
): Promise<string | undefined> {
  // A run that goes on does so with what it began with.
  if (resume) return "as it is: a run that is resumed is not pulled";
  if (offline) return `as it is (--offline); ${await cacheAge(folder)}`;
  const { moved, note: text } = await updateCheckout(folder);
  if (!moved) return text;
  process.env[UPDATED] = text;
  return undefined;
}

/** The same command once more, read from the newer commit. */
async function again(): Promise<number> {
  const [, program = "", ...words] = process.argv;
  const { exitCode } = await execa(process.execPath, [program, ...words], {
    stdio: "inherit",
    reject: false,
  });
  return exitCode ?? 1;
}
