import { overriddenHost } from "../../compose/override/override.ts";
import { overrideLook, overridesIn } from "../../hosts/override-look.ts";
import { runOnHost } from "../../hosts/remote-shell.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HostError } from "../../model/errors.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { hostsNamed } from "../arguments.ts";
import { print, printJson } from "../output.ts";
import { overridesReport, overridesReportSchema, type HostOverrides } from "./report.ts";
import { overridesTable } from "./text.ts";

/** Time for a few small files. */
const LOOK_SECONDS = 30;

/** Lists what is overridden on hosts, and what of it cannot be; answers the exit code. */
export async function overrides(hostTexts: readonly string[], json: boolean): Promise<number> {
  const named = hostsNamed(hostTexts);
  const declarations = declarationsOf(await openProject()).filter(({ host }) =>
    named.includes(host),
  );
  const report = overridesReport(await Promise.all(declarations.map(overridesThere)));
  if (json) printJson(overridesReportSchema, report);
  else print(overridesTable(report));
  return report.exitCode;
}

/** What is overridden on a host; one that is away is an answer, too. */
async function overridesThere(declaration: HostDeclaration): Promise<HostOverrides> {
  const { host } = declaration;
  try {
    const { stdout } = await runOnHost(host, overrideLook(), LOOK_SECONDS);
    const { overridden, mistakes } = overriddenHost(declaration, overridesIn(stdout.split("\n")));
    return { host, away: null, overridden: [...overridden], mistakes: [...mistakes] };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { host, away: error.message, overridden: [], mistakes: [] };
  }
}
