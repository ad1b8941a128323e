// Makes a machine's own files, and asks a running one how it is.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { HostError } from "../model/errors.ts";
import type { MachineName } from "./addresses.ts";
import { run, type RunResult } from "../hosts/local-command.ts";
import { groupName, processesIn } from "./control-groups.ts";
import { machineFiles, writeMachineFiles } from "./machine-files.ts";
import { machinePaths, machineRecipe } from "./power.ts";
import type { SandboxSettings } from "./settings.ts";
import { closeConnections, shellQuoted, sshArgv, type SandboxKeys } from "./ssh.ts";

/** What every machine of a sandbox is made of. */
export interface MachineParts {
  readonly base: string;
  readonly programs: string;
  readonly keys: SandboxKeys;
  readonly authority: string;
}

/**
 * Makes a machine unless it exists.
 * @returns false when it exists, made by a version of this program that makes others now
 */
export async function ensureMachine(
  settings: SandboxSettings,
  machine: MachineName,
  parts: MachineParts,
): Promise<boolean> {
  const paths = machinePaths(settings, machine);
  const files = await machineFiles(machine, settings.network, parts.keys, parts.authority);
  const digest = createHash("sha256").update(JSON.stringify(files)).digest("hex");
  const made = await machineRecipe(settings, machine);
  if (made !== undefined && existsSync(paths.layer)) {
    // Engine programs are bound in at each boot, so newer ones may follow; the root may not.
    await writeRecipe(paths.recipe, { ...made, programs: parts.programs });
    return made.base === parts.base && made.digest === digest;
  }
  await rm(paths.layer, { recursive: true, force: true });
  for (const folder of [paths.layer, paths.engine, paths.containerd, paths.devices]) {
    await mkdir(folder, { recursive: true });
  }
  await writeMachineFiles(paths.layer, files);
  await writeRecipe(paths.recipe, {
    base: parts.base,
    programs: parts.programs,
    digest,
  });
  return true;
}

async function writeRecipe(
  file: string,
  recipe: { base: string; programs: string; digest: string },
): Promise<void> {
  // Written whole or not at all: its presence says that the machine was made to the end.
  await writeFile(`${file}.new`, JSON.stringify(recipe));
  await rename(`${file}.new`, file);
}

/** Runs a command on a machine; its exit code is part of the answer. */
export async function onMachine(
  settings: SandboxSettings,
  machine: MachineName,
  command: readonly string[],
  options: { readonly input?: string; readonly timeoutSeconds?: number } = {},
): Promise<RunResult> {
  return await run(sshArgv(settings.folder, machine, command.map(shellQuoted)), {
    ...options,
    okCodes: Array.from({ length: 256 }, (_, code) => code),
  });
}

/** How long a machine may take from power to a running engine. */
const BOOT_SECONDS = 120;

/**
 * Which engine answers? Not whether every unit has started: the one that starts the containers may
 * rightly wait for a NAS that is away.
 */
const READY = "docker version --format '{{.Server.Version}}'";

/**
 * Waits until a machine has booted and its engine answers.
 * @returns the engine's version
 * @throws HostError with the end of its console when it does not
 */
export async function untilReady(settings: SandboxSettings, machine: MachineName): Promise<string> {
  const deadline = Date.now() + BOOT_SECONDS * 1000;
  let last = "";
  while (Date.now() < deadline) {
    const answer = await run([...sshArgv(settings.folder, machine, []), READY], {
      okCodes: [0, 1, 255],
      timeoutSeconds: BOOT_SECONDS,
    });
    if (answer.exitCode === 0) return answer.stdout.trim().split("\n").at(-1) ?? "";
    last = answer.stderr.trim() || answer.stdout.trim();
    await sleep(500);
  }
  throw new HostError(
    "HL-SANDBOX-BOOT",
    machine,
    `did not get ready within ${BOOT_SECONDS} s; it last said "${last.split("\n").at(-1) ?? ""}", ` +
      `its console is in ${machinePaths(settings, machine).console}`,
  );
}

/**
 * Cuts a machine's power. The supervisor boots it again, by itself.
 * @throws HostError when it is not on
 */
export async function cutPower(settings: SandboxSettings, machine: MachineName): Promise<void> {
  const ids = await processesIn(groupName(settings.id, machine));
  if (ids.length === 0) {
    throw new HostError("HL-SANDBOX-OFF", machine, 'is not on; run "homelab sandbox up"');
  }
  for (const id of ids) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // Gone together with the machine's first process.
    }
  }
  await closeConnections(settings.folder, [machine]);
}
