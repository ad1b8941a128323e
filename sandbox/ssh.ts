// Keys and client configuration. Host keys are made before a machine first boots and pinned, so
// checking them is never switched off, not even for the first connection.
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../model/shell-text.ts";
import { MACHINES, type MachineName, type SandboxNetwork } from "./addresses.ts";
import { run } from "./command.ts";
import type { SandboxSettings } from "./settings.ts";

/** One ed25519 key pair: file of the private half and text of the public one. */
export interface KeyPair {
  readonly file: string;
  readonly publicKey: string;
}

/** All keys of a sandbox. */
export interface SandboxKeys {
  /** Opens every machine for the user. */
  readonly user: KeyPair;
  /** Opens the NAS's exports, and nothing else there, for the Docker VM. */
  readonly exports: KeyPair;
  /** Each machine's host key. */
  readonly hosts: Readonly<Record<MachineName, KeyPair>>;
}

/** Path of the client configuration to pass to `ssh -F`. */
export function sshConfigPath(folder: string): string {
  return join(folder, "ssh", "config");
}

/** Start of the path of every shared connection's socket. */
export function controlPathPrefix(folder: string): string {
  return join(folder, "ssh", "cm-");
}

/** Makes the keys that are missing and writes the client configuration and the pinned host keys. */
export async function ensureSsh(settings: SandboxSettings): Promise<SandboxKeys> {
  const folder = join(settings.folder, "ssh");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keys: SandboxKeys = {
    user: await ensureKey(join(folder, "id"), "homelab sandbox user"),
    exports: await ensureKey(join(folder, "exports"), "homelab sandbox exports"),
    hosts: {
      vps: await ensureKey(join(folder, "host-vps"), "vps"),
      nas: await ensureKey(join(folder, "host-nas"), "nas"),
      "docker-vm": await ensureKey(join(folder, "host-docker-vm"), "docker-vm"),
    },
  };
  await writeFile(join(folder, "known_hosts"), knownHosts(settings.network, keys.hosts));
  await writeFile(sshConfigPath(settings.folder), sshConfig(settings.folder, settings.network));
  return keys;
}

async function ensureKey(file: string, comment: string): Promise<KeyPair> {
  if (!existsSync(file) || !existsSync(`${file}.pub`)) {
    // "y" answers ssh-keygen's question when an earlier run was killed between the two files.
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file], {
      input: "y\n",
    });
  }
  return { file, publicKey: (await readFile(`${file}.pub`, "utf8")).trim() };
}

/** Text of a known_hosts file: each machine by its alias and its address. */
export function knownHosts(
  network: SandboxNetwork,
  hosts: Readonly<Record<MachineName, Pick<KeyPair, "publicKey">>>,
): string {
  return MACHINES.map((machine) => {
    const [type, key] = hosts[machine].publicKey.split(" ");
    return `${machine},${network.machines[machine]} ${type} ${key}\n`;
  }).join("");
}

/** Text of the ssh client configuration. */
export function sshConfig(folder: string, network: SandboxNetwork): string {
  const aliases = MACHINES.map(
    (machine) => `Host ${machine}\n  HostName ${network.machines[machine]}\n\n`,
  );
  return `${aliases.join("")}Host ${MACHINES.join(" ")}
  # root: the machines are thrown away with the sandbox, and everything a stack does on a host
  # (engine, units, mounts, files below /opt) is root's work.
  User root
  IdentityFile ${join(folder, "ssh", "id")}
  IdentitiesOnly yes
  IdentityAgent none
  BatchMode yes
  UserKnownHostsFile ${join(folder, "ssh", "known_hosts")}
  GlobalKnownHostsFile none
  StrictHostKeyChecking yes
  HostKeyAlgorithms ssh-ed25519
  ConnectTimeout 5
  # A machine that loses power closes nothing: without this a shared connection would hang.
  ServerAliveInterval 5
  ServerAliveCountMax 3
  # One connection carries every command; the engine's client opens one per request.
  ControlMaster auto
  ControlPath ${controlPathPrefix(folder)}%n
  ControlPersist 10m
  LogLevel ERROR
`;
}

/** The argv that runs `command` on a machine. */
export function sshArgv(
  folder: string,
  machine: MachineName,
  command: readonly string[],
): string[] {
  return ["ssh", "-F", sshConfigPath(folder), machine, "--", ...command];
}

/** One argument as the machine's shell must see it to get it back unchanged. */
export function shellQuoted(argument: string): string {
  if (/^[A-Za-z0-9_/:=.,@%+-]+$/.test(argument)) return argument;
  return quote(argument);
}

/** Ends the shared connections of a sandbox: their far end is gone, or about to go. */
export async function closeConnections(folder: string, alias = ""): Promise<void> {
  for (const id of await sharedConnections(`${controlPathPrefix(folder)}${alias}`)) {
    try {
      process.kill(id, "SIGTERM");
    } catch {
      // It ended by itself.
    }
  }
}

/** Process ids of the shared connections whose socket's path begins with `prefix`. */
async function sharedConnections(prefix: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const title = await readFile(join("/proc", name, "cmdline"), "utf8").catch(() => "");
    // ssh itself gives a shared connection's process this title.
    if (title.startsWith(`ssh: ${prefix}`)) found.push(Number(name));
  }
  return found;
}
