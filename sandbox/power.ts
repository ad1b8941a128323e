// Switches one machine on and off. "Off" is a power cut: every process ends at once.
import { existsSync } from "node:fs";
import { chown, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { HostError } from "../model/errors.ts";
import { hasRole } from "../model/host-names.ts";
import type { MachineName } from "./addresses.ts";
import { run } from "../hosts/local-command.ts";
import { endGroup, groupName, insideGroup } from "./control-groups.ts";
import { PROGRAM_FOLDER } from "./machine-files.ts";
import { isMounted, unmountBelow } from "./mount-table.ts";
import { connectMachine, disconnectMachine } from "./network.ts";
import { nspawnArgv, NSPAWN_ENVIRONMENT, type BoundFolder } from "./nspawn.ts";
import { machineFolder, namespaceFile, type SandboxSettings } from "./settings.ts";

const recipeSchema = z.object({
  base: z.string(),
  programs: z.string(),
  digest: z.string(),
});

/** What a machine was made of; kept with it, because its own layer fits no other root. */
export type MachineRecipe = z.infer<typeof recipeSchema>;

/** Paths below a machine's folder. */
export function machinePaths(settings: SandboxSettings, machine: MachineName) {
  const folder = machineFolder(settings, machine);
  return {
    folder,
    /** The machine's own layer: everything it ever wrote. */
    layer: join(folder, "layer"),
    work: join(folder, "work"),
    root: join(folder, "root"),
    engine: join(folder, "engine"),
    containerd: join(folder, "containerd"),
    devices: join(folder, "devices"),
    recipe: join(folder, "recipe.json"),
    console: join(folder, "console.log"),
    /** There while the machine shall stay off. */
    off: join(folder, "off"),
  };
}

/** Reads what a machine was made of, or undefined when it was not made to the end. */
export async function machineRecipe(
  settings: SandboxSettings,
  machine: MachineName,
): Promise<MachineRecipe | undefined> {
  const text = await readFile(machinePaths(settings, machine).recipe, "utf8").catch(
    () => undefined,
  );
  return text === undefined ? undefined : recipeSchema.parse(JSON.parse(text));
}

/**
 * Boots a machine from nothing but its disk.
 * @returns the process that lives as long as the machine is on
 */
export async function powerOn(
  settings: SandboxSettings,
  machine: MachineName,
): Promise<ChildProcess> {
  await powerOff(settings, machine);
  const paths = machinePaths(settings, machine);
  const recipe = await machineRecipe(settings, machine);
  if (recipe === undefined || !existsSync(recipe.base)) {
    throw new HostError(
      "HL-SANDBOX-ROOT",
      machine,
      `its root file system ${recipe?.base ?? ""} is gone from the cache; ` +
        `run "homelab sandbox down" and "homelab sandbox up"`,
    );
  }
  await mountRoot(paths, recipe.base);
  await connectMachine(settings, machine);
  const argv = nspawnArgv({
    machine,
    name: groupName(settings.id, machine),
    root: paths.root,
    namespace: namespaceFile(settings, machine),
    engineData: paths.engine,
    containerdData: paths.containerd,
    programs: { from: recipe.programs, to: PROGRAM_FOLDER },
    devices: await boundDevices(machine, paths.devices),
  });
  return await start(groupName(settings.id, machine), argv, paths.console, NSPAWN_ENVIRONMENT);
}

/** Cuts the power of a machine, and takes away what only a running one has. */
export async function powerOff(settings: SandboxSettings, machine: MachineName): Promise<void> {
  await endGroup(groupName(settings.id, machine));
  await disconnectMachine(settings, machine);
  await unmountBelow(machinePaths(settings, machine).root);
  // systemd-nspawn makes it and leaves it when it is killed.
  const left = join("/run/systemd/nspawn/propagate", groupName(settings.id, machine));
  await rm(left, { recursive: true, force: true });
}

/** Starts a program in a control group of its own, its output added to a log file. */
export async function start(
  group: string,
  argv: readonly string[],
  logFile: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const [program = "", ...args] = await insideGroup(group, argv);
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  const log = await open(logFile, size > LONGEST_LOG_BYTES ? "w" : "a");
  try {
    return spawn(program, args, {
      stdio: ["ignore", log.fd, log.fd],
      env: { ...process.env, ...env },
    });
  } finally {
    await log.close();
  }
}

/** A log that is longer than this begins anew at the next start. */
const LONGEST_LOG_BYTES = 4 * 1024 * 1024;

async function mountRoot(paths: ReturnType<typeof machinePaths>, base: string): Promise<void> {
  await mkdir(paths.root, { recursive: true });
  if (await isMounted(paths.root)) return;
  // The kernel wants this folder empty of what a killed machine left.
  await rm(paths.work, { recursive: true, force: true });
  await mkdir(paths.work);
  const options = `lowerdir=${base},upperdir=${paths.layer},workdir=${paths.work}`;
  await run(["mount", "-t", "overlay", "-o", options, "overlay", paths.root]);
}

/**
 * TUN for the mesh and FUSE for network mounts are real. The GPU of the home is a stand-in and
 * is called one: it opens and does nothing, like /dev/null.
 */
async function boundDevices(machine: MachineName, folder: string): Promise<BoundFolder[]> {
  const real = ["/dev/net/tun", "/dev/fuse"].map((path) => ({
    from: path,
    to: path,
  }));
  if (!hasRole(machine, "home")) return real;
  const node = join(folder, "dri", "renderD128-stand-in");
  if (!existsSync(node)) {
    await mkdir(join(folder, "dri"), { recursive: true });
    await run(["mknod", "--mode=0660", node, "c", "1", "3"]);
    await chown(node, 0, RENDER_GROUP);
  }
  return [...real, { from: join(folder, "dri"), to: "/dev/dri" }];
}

/** Number of the group "render" on the machines. */
const RENDER_GROUP = 992;

/** Keeps a machine off, or lets the supervisor switch it on. */
export async function wantOff(
  settings: SandboxSettings,
  machine: MachineName,
  off: boolean,
): Promise<void> {
  const marker = machinePaths(settings, machine).off;
  if (off) await writeFile(marker, "");
  else await rm(marker, { force: true });
}
