// Where a sandbox lives: the one place that reads its environment variables.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { UserError } from "../model/errors.ts";
import {
  DEFAULT_PREFIX,
  sandboxId,
  sandboxNetwork,
  type MachineName,
  type SandboxNetwork,
} from "./addresses.ts";

/**
 * Longest sandbox folder in characters. ssh adds "/ssh/cm-", a machine's name and a 17 character
 * suffix to it, the engine's client may need as much, and a unix socket's path may have 107 characters.
 */
const LONGEST_FOLDER = 42;

/** One sandbox: its folder and everything derived from it. */
export interface SandboxSettings {
  /** All state of the sandbox; `down` removes it. */
  readonly folder: string;
  /** Things that are slow to make and outlive a sandbox, keyed by content hash. */
  readonly cache: string;
  /** The checkout this program runs from. */
  readonly checkout: string;
  /** Short id derived from the folder. */
  readonly id: string;
  readonly network: SandboxNetwork;
}

const remembered = z.object({ network: z.string() });

/** Reads HOMELAB_SANDBOX, HOMELAB_SANDBOX_NET and HOMELAB_CACHE; a running sandbox keeps its network. */
export function sandboxSettings(env: NodeJS.ProcessEnv = process.env): SandboxSettings {
  const folder = resolve(env["HOMELAB_SANDBOX"] ?? "/var/lib/homelab-sandbox");
  if (folder.length > LONGEST_FOLDER || /[^A-Za-z0-9/._-]/.test(folder)) {
    throw new UserError(
      "HL-SANDBOX-FOLDER",
      `HOMELAB_SANDBOX is "${folder}"; it must have at most ${LONGEST_FOLDER} characters (its unix ` +
        `sockets need a short path), all of them letters, digits or any of "/._-"`,
    );
  }
  return {
    folder,
    cache: resolve(env["HOMELAB_CACHE"] ?? join(homedir(), ".cache", "homelab")),
    checkout: dirname(dirname(fileURLToPath(import.meta.url))),
    id: sandboxId(folder),
    network: sandboxNetwork(networkPrefix(folder, env["HOMELAB_SANDBOX_NET"])),
  };
}

function networkPrefix(folder: string, asked: string | undefined): string {
  const file = settingsFile(folder);
  if (!existsSync(file)) return asked ?? DEFAULT_PREFIX;
  const used = remembered.parse(JSON.parse(readFileSync(file, "utf8"))).network;
  if (asked !== undefined && asked !== used) {
    throw new UserError(
      "HL-SANDBOX-NETWORK",
      `the sandbox in ${folder} has the network ${used}, and HOMELAB_SANDBOX_NET says ${asked}; ` +
        `unset it, or run "homelab sandbox down" first`,
    );
  }
  return used;
}

/** What a later command needs to know about the sandbox in a folder. */
export function settingsFile(folder: string): string {
  return join(folder, "sandbox.json");
}

/** The folder of one machine. */
export function machineFolder(settings: SandboxSettings, machine: MachineName): string {
  return join(settings.folder, "machines", machine);
}

/** The file that holds a network namespace open: one per machine, and the hub. */
export function namespaceFile(settings: SandboxSettings, name: MachineName | "hub"): string {
  return join(settings.folder, "net", name);
}
