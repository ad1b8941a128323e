// The `homelab` command as a user runs it: a process of its own, from the checkout.
import { execa } from "execa";
import { HostError } from "../model/errors.ts";
import type { Lab } from "./lab.ts";

/** How long a command may take. */
const COMMAND_MS = 900_000;

/**
 * Runs `npx homelab …`.
 * @throws HostError HL-BENCH with the end of its output when it fails
 */
export async function runHomelab(
  { env, settings }: Pick<Lab, "env" | "settings">,
  args: readonly string[],
): Promise<void> {
  const { exitCode, all } = await execa("node", ["cli/homelab.mjs", ...args], {
    env,
    cwd: settings.checkout,
    stdin: "ignore",
    all: true,
    reject: false,
    timeout: COMMAND_MS,
  });
  if (exitCode === 0) return;
  const said = all.trim().split("\n").slice(-12).join("\n");
  throw new HostError("HL-BENCH", "this computer", `"homelab ${args.join(" ")}" failed:\n${said}`);
}
