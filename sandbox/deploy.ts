// Deploys every stack to a running sandbox, with plain pulumi as a user would.
import { execa } from "execa";
import { join } from "node:path";
import { HostError } from "../model/errors.ts";
import { MACHINES, type MachineName } from "./addresses.ts";
import { projectPaths, pulumiEnvironment } from "./project.ts";
import { sandboxSettings, type SandboxSettings } from "./settings.ts";
import { programFolder } from "./toolchain.ts";

/**
 * Runs `pulumi up` for stacks, its output shown as it comes.
 * @param stacks which, one after another. @default every stack, each after those that it relies on
 * @throws HostError naming the stack that failed; later ones are not tried
 */
export async function deploy(
  stacks: readonly MachineName[] = MACHINES,
  settings: SandboxSettings = sandboxSettings(),
): Promise<void> {
  const programs = await programFolder(settings, "pulumi");
  for (const stack of stacks) {
    const args = ["up", "--stack", stack, "--yes", "--skip-preview", "--non-interactive"];
    const result = await execa(join(programs, "pulumi"), args, {
      cwd: projectPaths(settings.folder).project,
      env: { ...pulumiEnvironment(settings), PATH: `${programs}:${process.env["PATH"] ?? ""}` },
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
      reject: false,
    });
    if (result.exitCode === 0) continue;
    throw new HostError(
      "HL-SANDBOX-DEPLOY",
      stack,
      `"pulumi up -s ${stack}" failed; its output is above`,
      result.exitCode,
    );
  }
}
