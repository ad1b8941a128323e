// Keys and client configuration. Host keys are made before a machine first boots and pinned, so
// checking them is never switched off, not even for the first connection.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { byHost } from "../model/host-names.ts";
import { CONTROL_PATHS } from "../model/paths.ts";
import { quote } from "../model/shell-text.ts";
import { MACHINES, type MachineName, type SandboxNetwork } from "./addresses.ts";
import { run } from "../hosts/local-command.ts";
import type { SandboxSettings } from "./settings.ts";

/** One ed25519 key pair: file of the private half and text of the public one. */
export interface KeyPair {
  readonly file: string;
  readonly publicKey: string;
}

/** All keys of a sandbox. */
export interface SandboxKeys {
  /** Opens every machine for the user, who approves with it what the control plane recommends. */
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

/** Makes the keys that are missing and writes the client configuration and the pinned host keys. */
export async function ensureSsh(settings: SandboxSettings): Promise<SandboxKeys> {
  const folder = join(settings.folder, "ssh");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keys: SandboxKeys = {
    user: await ensureKey(join(folder, "id"), "homelab sandbox user"),
    exports: await ensureKey(join(folder, "exports"), "homelab sandbox exports"),
    hosts: await ensureHostKeys(folder),
  };
  await writeFile(join(folder, "known_hosts"), knownHosts(MACHINES, settings.network, keys.hosts));
  await writeFile(sshConfigPath(settings.folder), sshConfig(settings.folder, settings.network));
  return keys;
}

async function ensureHostKeys(folder: string): Promise<SandboxKeys["hosts"]> {
  const made = await Promise.all(
    MACHINES.map((machine) => ensureKey(join(folder, `host-${machine}`), machine)),
  );
  return byHost(MACHINES, (machine) => made[MACHINES.indexOf(machine)] as KeyPair);
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

/** Text of a known_hosts file: each of the machines by its alias and its address. */
export function knownHosts(
  machines: readonly MachineName[],
  network: SandboxNetwork,
  hosts: Readonly<Record<MachineName, Pick<KeyPair, "publicKey">>>,
): string {
  return machines
    .map((machine) => {
      const [type, key] = hosts[machine].publicKey.split(" ");
      return `${machine},${network.machines[machine]} ${type} ${key}\n`;
    })
    .join("");
}

/**
 * Text of the ssh client configuration: what a user has who followed the README, and no more. What
 * the program needs beyond that it has to bring itself.
 */
export function sshConfig(folder: string, network: SandboxNetwork): string {
  // root: the machines are thrown away with the sandbox, and everything a stack does on a host
  // (engine, units, mounts, files below /opt) is root's work.
  return MACHINES.map(
    (machine) => `Host ${machine}
  HostName ${network.machines[machine]}
  User root
  IdentityFile ${join(folder, "ssh", "id")}
  UserKnownHostsFile ${join(folder, "ssh", "known_hosts")}
`,
  ).join("\n");
}

/** How the sandbox itself calls ssh: it waits for no answer of a person, nor of a machine for long. */
const OPTIONS = ["BatchMode=yes", "ConnectTimeout=5", "ServerAliveInterval=5", "LogLevel=ERROR"];

/** The argv that runs `command` on a machine. */
export function sshArgv(
  folder: string,
  machine: MachineName,
  command: readonly string[],
): string[] {
  const options = OPTIONS.flatMap((option) => ["-o", option]);
  return ["ssh", "-F", sshConfigPath(folder), ...options, machine, "--", ...command];
}

/** One argument as the machine's shell must see it to get it back unchanged. */
export function shellQuoted(argument: string): string {
  if (/^[A-Za-z0-9_/:=.,@%+-]+$/.test(argument)) return argument;
  return quote(argument);
}

/**
 * Ends the connections that deployments share: their far end is gone, or about to go.
 * @param machines @default all of them
 */
export async function closeConnections(
  folder: string,
  machines: readonly MachineName[] = MACHINES,
): Promise<void> {
  const config = sshConfigPath(folder);
  if (!existsSync(config)) return;
  const paths = machines.flatMap((machine) => CONTROL_PATHS.map((path) => ({ machine, path })));
  await Promise.all(
    paths.map(({ machine, path }) =>
      // 255: there is none.
      run(["ssh", "-F", config, "-o", `ControlPath=${path}`, "-O", "exit", machine], {
        okCodes: [0, 255],
      }),
    ),
  );
}
