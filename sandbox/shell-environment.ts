// What a user's own shell needs so that plain `pulumi up -s docker-vm` works on the sandbox.
import { existsSync } from "node:fs";
import { UserError } from "../model/errors.ts";
import { pulumiEnvironment } from "./project.ts";
import { settingsFile, type SandboxSettings } from "./settings.ts";
import { shellQuoted } from "./ssh.ts";
import { programFolder } from "./toolchain.ts";

/**
 * Export lines for a POSIX shell.
 * @throws UserError when the sandbox is not up
 */
export async function shellExports(settings: SandboxSettings): Promise<string> {
  if (!existsSync(settingsFile(settings.folder))) {
    throw new UserError("HL-SANDBOX-DOWN", 'the sandbox is not up; run "homelab sandbox up"');
  }
  const programs = await programFolder(settings, "pulumi");
  return exportLines(programs, pulumiEnvironment(settings));
}

/** The lines themselves: programs first on PATH, then each variable. */
export function exportLines(programs: string, env: Readonly<Record<string, string>>): string {
  const variables = Object.entries(env).map(
    ([name, value]) => `export ${name}=${shellQuoted(value)}\n`,
  );
  return `export PATH=${shellQuoted(programs)}:"$PATH"\n${variables.join("")}`;
}
