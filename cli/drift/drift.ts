import { findDrift } from "../../deploy/drift/drift.ts";
import { hostsNamed } from "../arguments.ts";
import { print, printJson } from "../output.ts";
import { declarationsOf, openProject, withLocks } from "../../workspace/project.ts";
import { driftText } from "./text.ts";
import { driftReportSchema } from "../../deploy/drift/rows.ts";

/** Compares hosts with their declarations, prints what differs and answers the exit code. */
export async function drift(hostTexts: readonly string[], json: boolean): Promise<number> {
  const named = hostsNamed(hostTexts);
  const project = await openProject();
  const declarations = declarationsOf(project).filter(({ host }) => named.includes(host));
  const report = await findDrift(await withLocks(project, declarations));
  if (json) printJson(driftReportSchema, report);
  else print(driftText(report));
  return report.exitCode;
}
