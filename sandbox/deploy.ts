// Deploys every stack to a running sandbox, with plain pulumi as a user would.
import { HostError } from "../model/errors.ts";
import { runPulumi } from "../workspace/pulumi-events.ts";
import { MACHINES, type MachineName } from "./addresses.ts";
import { pulumiEnvironment } from "./project.ts";
import { sandboxSettings, type SandboxSettings } from "./settings.ts";
import { programFolder } from "./toolchain.ts";

/** Longest that one stack may take: also the first, on a slow computer. */
const LIMIT_SECONDS = 7200;

/**
 * Runs `pulumi up` for stacks.
 * @param onLine told each line that Pulumi prints, as it comes
 * @param stacks which, one after another. @default every stack, each after those that it relies on
 * @throws HostError naming the stack that failed; later ones are not tried
 */
export async function deploy(
  onLine: (line: string) => void,
  stacks: readonly MachineName[] = MACHINES,
  settings: SandboxSettings = sandboxSettings(),
): Promise<void> {
  const programs = await programFolder(settings, "pulumi");
  const path = `${programs}:${process.env["PATH"] ?? ""}`;
  const env = { ...pulumiEnvironment(settings), PATH: path };
  for (const stack of stacks) {
    const args = ["up", "--stack", stack, "--yes", "--skip-preview"];
    await runPulumi(env, args, { onLine, limitSeconds: LIMIT_SECONDS }).catch((error: unknown) => {
      if (!(error instanceof HostError)) throw error;
      throw new HostError("HL-SANDBOX-DEPLOY", stack, error.message);
    });
  }
}
