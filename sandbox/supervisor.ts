// Keeps the parts of a sandbox on: the machines and the registry. It runs detached, in a
// control group of its own, started by `up`. A machine whose power is cut, or that asks for a
// reboot, is booted again; one that asked to be powered off stays off until it is wanted again.
//
// What shall be on is said by marker files, which it looks at a few times a second. (A signal to make it
// look would end it when it comes before Node has loaded this file.) It never changes a machine's
// files, and holds nothing that the next supervisor would need.
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { MACHINES } from "./addresses.ts";
import { endGroup, groupName } from "./control-groups.ts";
import { machinePaths, powerOff, powerOn, wantOff } from "./power.ts";
import { registryOffMarker, startRegistry } from "./registry.ts";
import { sandboxSettings, type SandboxSettings } from "./settings.ts";

/** Something that can be on or off. */
interface Part {
  readonly name: string;
  readonly shallBeOff: () => boolean;
  readonly on: () => Promise<ChildProcess>;
  readonly off: () => Promise<void>;
  /** It ended by its own wish. */
  readonly endedItself: () => Promise<void>;
}

/** Least time between two starts of one part, so that a broken one does not spin. */
const PAUSE_MILLISECONDS = 1000;

/** How often the marker files are looked at. */
const LOOK_MILLISECONDS = 300;

function parts(settings: SandboxSettings): Part[] {
  const machines = MACHINES.map((machine): Part => ({
    name: machine,
    shallBeOff: () => existsSync(machinePaths(settings, machine).off),
    on: () => powerOn(settings, machine),
    off: () => powerOff(settings, machine),
    endedItself: () => wantOff(settings, machine, true),
  }));
  const registry: Part = {
    name: "registry",
    shallBeOff: () => existsSync(registryOffMarker(settings)),
    on: async () => {
      await endGroup(groupName(settings.id, "registry"));
      return await startRegistry(settings);
    },
    off: () => endGroup(groupName(settings.id, "registry")),
    endedItself: () => Promise.resolve(),
  };
  return [registry, ...machines];
}

async function keepOn(part: Part): Promise<never> {
  for (;;) {
    try {
      if (part.shallBeOff()) {
        await part.off();
        while (part.shallBeOff()) await sleep(LOOK_MILLISECONDS);
      } else {
        await runOnce(part);
      }
    } catch (error) {
      log(part, error instanceof Error ? error.message : String(error));
    }
    await sleep(PAUSE_MILLISECONDS);
  }
}

/** Switches a part on and returns when it has ended. */
async function runOnce(part: Part): Promise<void> {
  const child = await part.on();
  log(part, `on, process ${child.pid ?? "?"}`);
  // Not a promise raced again and again: each race would leave something behind in it for good.
  while (child.exitCode === null && child.signalCode === null) {
    if (part.shallBeOff()) await part.off();
    await sleep(LOOK_MILLISECONDS);
  }
  log(part, `ended with ${child.exitCode ?? child.signalCode ?? "?"}`);
  // Exit code 0 is a machine that was told to power off; a reboot or a power cut ends otherwise.
  if (child.exitCode === 0) await part.endedItself();
}

function log(part: Part, message: string): void {
  process.stdout.write(`${new Date().toISOString()} [${part.name}] ${message}\n`);
}

/** Keeps everything on until the process is killed. */
export async function supervise(settings: SandboxSettings): Promise<void> {
  await Promise.all(parts(settings).map((part) => keepOn(part)));
}

const startedFile = process.argv[1];
if (startedFile !== undefined && import.meta.url === pathToFileURL(startedFile).href) {
  await supervise(sandboxSettings());
}
