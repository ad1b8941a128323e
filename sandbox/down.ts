// Takes a sandbox down and leaves nothing: no process, namespace, mount, interface, control group
// or file. What is cached by content hash stays.
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { removeUnfinishedRoot } from "./base-root.ts";
import { withLock } from "./lock.ts";
import { unmountBelow } from "./mount-table.ts";
import { removeNetwork } from "./network.ts";
import { powerOff } from "./power.ts";
import { MACHINES, type MachineName } from "./addresses.ts";
import { silent, step, type Reporter } from "./reporter.ts";
import { sandboxSettings, type SandboxSettings } from "./settings.ts";
import { endEverything, endKilledWork, requireRoot } from "./up.ts";

/** How to take a sandbox down. */
export interface DownOptions {
  /** @default the one that the environment names */
  readonly settings?: SandboxSettings;
  /** @default nothing is printed */
  readonly reporter?: Reporter;
}

/**
 * Takes a sandbox down, also one that came up half way or lost its folder.
 * @throws UserError when not run as root or when an `up` is at work
 */
export async function down(options: DownOptions = {}): Promise<void> {
  const settings = options.settings ?? sandboxSettings();
  const reporter = options.reporter ?? silent;
  requireRoot();
  await withLock(settings.folder, async () => {
    await step(reporter, "power", async () => {
      await endKilledWork(settings);
      await endEverything(settings);
      await Promise.all((await machinesOf(settings)).map((one) => powerOff(settings, one)));
    });
    await step(reporter, "network", () => removeNetwork(settings));
    await step(reporter, "files", async () => {
      // systemd-nspawn makes these two; they stay when something else uses them.
      for (const folder of ["/run/systemd/nspawn/propagate", "/run/systemd/nspawn"]) {
        await rmdir(folder).catch(() => undefined);
      }
      await removeUnfinishedRoot(settings);
      await unmountBelow(settings.folder);
      await rm(settings.folder, { recursive: true, force: true });
    });
  });
}

/** The machines of this checkout, and those that a checkout with other hosts made in the folder. */
async function machinesOf(settings: SandboxSettings): Promise<MachineName[]> {
  const made = await readdir(join(settings.folder, "machines")).catch(() => []);
  return [...new Set([...MACHINES, ...(made as MachineName[])])];
}
