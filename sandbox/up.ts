// Brings a sandbox up. Every step looks at what is really there and does what is missing, so that
// it can follow an `up` that was killed anywhere, and changes nothing when all is up.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { HostError, UserError } from "../model/errors.ts";
import { byHost } from "../model/host-names.ts";
import { removeTornFiles } from "../workspace/file-backend.ts";
import { MACHINES, type MachineName } from "./addresses.ts";
import { ensureBaseRoot } from "./base-root.ts";
import { ensureCertificates } from "./certificates.ts";
import {
  endGroup,
  enterGroup,
  existingGroups,
  groupName,
  insideGroup,
  processesIn,
} from "./control-groups.ts";
import { ensureMachine, untilReady } from "./machine.ts";
import { cutMarker, ensureHub, hubIsWhole, setLink } from "./network.ts";
import { ensureProject, projectPaths } from "./project.ts";
import { fillRegistry, prepareLayers } from "./fill-registry.ts";
import { installPackages, missingPackages } from "./packages.ts";
import { wantOff } from "./power.ts";
import { prepareRegistry, registryAnswers, wantRegistryOff } from "./registry.ts";
import { silent, step, type Reporter } from "./reporter.ts";
import { sandboxSettings, settingsFile, type SandboxSettings } from "./settings.ts";
import { closeConnections, ensureSsh } from "./ssh.ts";
import { removeDeadLocks } from "./state-locks.ts";
import { machinePrograms, programStep } from "./toolchain.ts";
import { withLock } from "./lock.ts";

/** How to bring a sandbox up. */
export interface UpOptions {
  /** @default the one that the environment names */
  readonly settings?: SandboxSettings;
  /** @default nothing is printed */
  readonly reporter?: Reporter;
  /** Whether to build the stacks' images and put them into the registry. @default true */
  readonly images?: boolean;
  /**
   * Whether this process exists for this `up` alone. It then enters a control group of the sandbox
   * for good, so that what it has started is found when it is killed. @default false
   */
  readonly ownProcess?: boolean;
}

/** What is up. */
export interface UpResult {
  readonly settings: SandboxSettings;
  /** Engine version of each machine. */
  readonly engines: Readonly<Record<MachineName, string>>;
  /** Machines that an earlier version of this program made and that it would make differently now. */
  readonly outdated: readonly MachineName[];
}

/**
 * Brings a sandbox up: a booted machine for each host, which answers over ssh, and a registry.
 * @throws UserError when not run as root or when another `up` is at work
 * @throws HostError when a part does not start
 */
export async function up(options: UpOptions = {}): Promise<UpResult> {
  const settings = options.settings ?? sandboxSettings();
  requireRoot();
  return await withLock(settings.folder, async (afterKill) => {
    if (afterKill) await endKilledWork(settings);
    if (options.ownProcess === true) await enterGroup(workGroup(settings));
    const { state } = projectPaths(settings.folder);
    await removeDeadLocks(state);
    await removeTornFiles(`file://${state}`, "/");
    return await bringUp(settings, options.reporter ?? silent, options.images ?? true);
  });
}

/** Ends what a killed `up` has started and left running, such as a `pulumi` that writes files. */
export function endKilledWork(settings: SandboxSettings): Promise<void> {
  return endGroup(workGroup(settings));
}

function workGroup(settings: SandboxSettings): string {
  return groupName(settings.id, "work");
}

/** @throws UserError when this process is not root's */
export function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new UserError(
    "HL-SANDBOX-ROOT",
    "the sandbox boots machines and makes network namespaces, which only root may do; " +
      "run the command with sudo",
  );
}

async function bringUp(
  settings: SandboxSettings,
  reporter: Reporter,
  images: boolean,
): Promise<UpResult> {
  const missing = await missingPackages();
  if (missing.length > 0) {
    await step(reporter, `install ${missing.join(", ")}`, () => installPackages(missing));
  }
  // Where nothing is cached these take minutes, some waiting for a network and some for a processor.
  const [engine, services, pulumi, base] = await Promise.all([
    programStep(settings, "engine", reporter),
    programStep(settings, "services", reporter),
    programStep(settings, "pulumi", reporter),
    step(reporter, "machine root", () => ensureBaseRoot(settings)),
    ...(images ? [prepareLayers(settings, reporter)] : []),
  ]);
  const programs = await machinePrograms(settings, { engine, services });
  await rememberSettings(settings);
  const { keys, outdated } = await step(reporter, "machines", async () => {
    const keys = await ensureSsh(settings);
    const certificates = await ensureCertificates(settings);
    await prepareRegistry(settings, certificates);
    const parts = { base, programs, keys, authority: certificates.authority };
    const current = await Promise.all(MACHINES.map((one) => ensureMachine(settings, one, parts)));
    return { keys, outdated: MACHINES.filter((_, index) => current[index] === false) };
  });
  await step(reporter, "network", () => ensureNetwork(settings));
  await step(reporter, "power", () => ensureSupervisor(settings));
  const [engines] = await Promise.all([
    Promise.all(MACHINES.map((machine) => untilBooted(settings, machine, reporter))),
    step(reporter, "pulumi project", () => ensureProject(settings, pulumi, keys.user.publicKey)),
  ]);
  await step(reporter, "registry", () => untilRegistryAnswers(settings));
  if (images) await fillRegistry(settings, services, reporter);
  return {
    settings,
    engines: byHost(MACHINES, (machine) => engines[MACHINES.indexOf(machine)] ?? ""),
    outdated,
  };
}

function untilBooted(
  settings: SandboxSettings,
  machine: MachineName,
  reporter: Reporter,
): Promise<string> {
  return step(
    reporter,
    `boot ${machine}`,
    () => untilReady(settings, machine),
    (engine) => `engine ${engine}`,
  );
}

async function rememberSettings(settings: SandboxSettings): Promise<void> {
  await mkdir(join(settings.folder, "machines"), { recursive: true });
  await writeFile(
    settingsFile(settings.folder),
    `${JSON.stringify({ network: settings.network.prefix })}\n`,
  );
}

/** A hub that must be made again takes every running part with it: their cables ended in the old. */
async function ensureNetwork(settings: SandboxSettings): Promise<void> {
  if (await hubIsWhole(settings)) return;
  await endEverything(settings);
  await ensureHub(settings);
}

/**
 * Kills every process of the sandbox, the supervisor first so that it starts nothing again. An `up`
 * at work is spared: it may be the caller.
 */
export async function endEverything(settings: SandboxSettings): Promise<void> {
  await endGroup(groupName(settings.id, "supervisor"));
  const parts = (await existingGroups(settings.id)).filter((name) => name !== workGroup(settings));
  await Promise.all(parts.map((name) => endGroup(name)));
  await closeConnections(settings.folder);
}

async function ensureSupervisor(settings: SandboxSettings): Promise<void> {
  for (const machine of MACHINES) await wantOff(settings, machine, false);
  await wantRegistryOff(settings, false);
  const group = groupName(settings.id, "supervisor");
  if (!(await keepsAll(group))) {
    // A new one boots every machine: what the boot before answers must not be taken for ready.
    await endEverything(settings);
    await startSupervisor(settings, group);
  }
  for (const machine of MACHINES) {
    if (existsSync(cutMarker(settings, machine))) await setLink(settings, machine, "restore");
  }
}

/** Whether a supervisor is at work that knows every machine: the household may have one more since. */
async function keepsAll(group: string): Promise<boolean> {
  const titles = await Promise.all(
    (await processesIn(group)).map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")),
  );
  const known = titles.flatMap((title) => title.split("\0"));
  return MACHINES.every((machine) => known.includes(machine));
}

async function startSupervisor(settings: SandboxSettings, group: string): Promise<void> {
  const program = fileURLToPath(new URL("supervisor.ts", import.meta.url));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  // The names say later whom it keeps on.
  const node = [process.execPath, "--import", tsx, program, ...MACHINES];
  const [shell = "", ...args] = await insideGroup(group, node);
  const log = await open(join(settings.folder, "supervisor.log"), "a");
  try {
    const child = spawn(shell, args, {
      // Not the folder of the caller: it may be removed while the sandbox runs.
      cwd: "/",
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        HOMELAB_SANDBOX: settings.folder,
        HOMELAB_SANDBOX_NET: settings.network.prefix,
        HOMELAB_CACHE: settings.cache,
      },
    });
    child.unref();
  } finally {
    await log.close();
  }
}

/** Switches a machine or the registry off or on, and leaves it so until the next wish or `up`. */
export async function setPower(
  settings: SandboxSettings,
  part: MachineName | "registry",
  state: "on" | "off",
): Promise<void> {
  if (part === "registry") await wantRegistryOff(settings, state === "off");
  else await wantOff(settings, part, state === "off");
  if (part === "registry") {
    if (state === "on") await untilRegistryAnswers(settings);
  } else if (state === "on") {
    await untilReady(settings, part);
  }
  if (state === "off") {
    await untilGone(settings, part);
    if (part !== "registry") await closeConnections(settings.folder, [part]);
  }
}

async function untilGone(settings: SandboxSettings, part: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await processesIn(groupName(settings.id, part))).length > 0) {
    if (Date.now() > deadline) {
      throw new HostError("HL-SANDBOX-POWER", part, "is still on after 30 s; see supervisor.log");
    }
    await sleep(100);
  }
}

const REGISTRY_SECONDS = 30;

async function untilRegistryAnswers(settings: SandboxSettings): Promise<void> {
  const deadline = Date.now() + REGISTRY_SECONDS * 1000;
  while (!(await registryAnswers(settings))) {
    if (Date.now() > deadline) {
      throw new HostError(
        "HL-SANDBOX-REGISTRY",
        "this computer",
        `the registry did not answer within ${REGISTRY_SECONDS} s; ` +
          `its log is ${join(settings.folder, "registry", "registry.log")}`,
      );
    }
    await sleep(300);
  }
}
