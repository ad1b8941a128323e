// The machines that the programs run on: a sandbox of its own, with nothing deployed.
import { HostError } from "../../model/errors.ts";
import type { MachineName } from "../../sandbox/addresses.ts";
import { onMachine } from "../../sandbox/machine.ts";
import { sandboxSettings, type SandboxSettings } from "../../sandbox/settings.ts";

/** Names it, far from the sandbox that a person uses and from that of the tests. */
export const ENVIRONMENT = {
  HOMELAB_SANDBOX: "/var/lib/homelab-conformance",
  HOMELAB_SANDBOX_NET: "198.19.178",
} as const;

/** The sandbox's settings. */
export function conformanceSettings(): SandboxSettings {
  return sandboxSettings({ ...process.env, ...ENVIRONMENT });
}

/** Longest that one script may take, in seconds. */
const SCRIPT_SECONDS = 900;

/**
 * Runs a shell script on a machine and answers its output.
 * @throws HostError with the end of its output when it fails
 */
export async function onHost(
  settings: SandboxSettings,
  machine: MachineName,
  script: string,
): Promise<string> {
  const { exitCode, stdout, stderr } = await tryOnHost(settings, machine, script);
  if (exitCode === 0) return stdout.trim();
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-12).join("\n");
  throw new HostError("HL-BENCH", machine, `a step of the run failed:\n${said}`, exitCode);
}

/** The same, with the exit code as part of the answer. */
export function tryOnHost(settings: SandboxSettings, machine: MachineName, script: string) {
  const options = { input: script, timeoutSeconds: SCRIPT_SECONDS };
  return onMachine(settings, machine, ["sh", "-s"], options);
}
