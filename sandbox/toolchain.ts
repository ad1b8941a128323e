// Programs that toolchain/build.sh supplies: the engine for the machines, Pulumi for the user.
import { join } from "node:path";
import { run } from "./command.ts";
import type { SandboxSettings } from "./settings.ts";

/** Group of programs, as toolchain/build.sh names it. */
export type ToolchainGroup = "pulumi" | "engine";

/**
 * The folder with a group's programs, built when the cache does not have it (minutes).
 * @throws HostError with the last lines of the build
 */
export async function programFolder(
  settings: SandboxSettings,
  group: ToolchainGroup,
): Promise<string> {
  const { stdout } = await run(
    [join(settings.checkout, "toolchain", "build.sh"), group],
    {
      env: { HOMELAB_CACHE: settings.cache },
      timeoutSeconds: 3600,
      showProgress: true,
    },
  );
  return stdout.trim().split("\n").at(-1) ?? "";
}
