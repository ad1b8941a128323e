// A sandbox of the tests' own, beside the one that the other tests share: these tests kill it, cut
// its power and take it down. It has no images, so it is up in seconds.
import { execa } from "execa";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MachineName } from "../../../sandbox/addresses.ts";
import { onMachine } from "../../../sandbox/machine.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";

/** Environment that names it. */
export const OWN_ENVIRONMENT = {
  HOMELAB_SANDBOX: "/var/lib/homelab-sandbox-test",
  // Far from the prefixes that people choose for sandboxes of their own.
  HOMELAB_SANDBOX_NET: "198.19.177",
} as const;

export const own = sandboxSettings({ ...process.env, ...OWN_ENVIRONMENT });

/** Starts `homelab sandbox …` as a process of its own, which can be killed. */
export function homelabSandbox(...args: string[]) {
  return execa(process.execPath, ["cli/homelab.mjs", "sandbox", ...args], {
    env: OWN_ENVIRONMENT,
    reject: false,
    all: true,
  });
}

/** Runs a command on a machine and answers its output; a failing command fails the test. */
export async function onOwn(machine: MachineName, ...command: string[]): Promise<string> {
  const answer = await onMachine(own, machine, command);
  if (answer.exitCode !== 0) {
    throw new Error(
      `[${machine}] ${command.join(" ")} ended with ${answer.exitCode}: ${answer.stderr}`,
    );
  }
  return answer.stdout.trim();
}

/** When a machine's first process started: another value after each boot. */
export function bootTime(machine: MachineName): Promise<string> {
  return onOwn(machine, "stat", "--format=%Y %i", "/run/systemd");
}

/** Everything of the computer that a sandbox could leave something in, without another sandbox's. */
export async function kernelState() {
  const mine = (text: string): boolean => text.includes(own.id) || text.includes(own.folder);
  const lines = async (...argv: [string, ...string[]]): Promise<string[]> => {
    const [program, ...args] = argv;
    const { stdout } = await execa(program, args, { reject: false });
    return stdout.split("\n").filter((line) => line !== "");
  };
  return {
    processes: processTitles().filter(mine),
    mounts: readFileSync("/proc/self/mountinfo", "utf8").split("\n").filter(mine),
    interfaces: (await lines("ip", "-brief", "link")).filter(mine),
    addresses: (await lines("ip", "-oneline", "address")).filter((line) =>
      line.includes(` ${own.network.prefix}.`),
    ),
    groups: readdirSync("/sys/fs/cgroup", { recursive: true, encoding: "utf8" }).filter(mine),
    folders: ["/var/lib", "/run/systemd/nspawn/propagate", own.cache].flatMap((folder) =>
      entries(folder).filter((name) => mine(join(folder, name))),
    ),
  };
}

/** What no sandbox may change on the user's side at all. */
export async function usersSide() {
  const rules = await execa("iptables-save", [], { reject: false });
  return {
    routes: (await execa("ip", ["route", "show", "default"])).stdout,
    rules: (rules.stdout ?? "").split("\n").filter((line) => line.startsWith("-")),
    forwarding: readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8"),
  };
}

function processTitles(): string[] {
  return entries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(join("/proc", name, "cmdline"), "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    });
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Makes a small image on a machine out of the machine's own programs, and pushes it to the registry
 * under a public name.
 * @returns its digest
 */
export async function pushSmallImage(machine: MachineName, reference: string): Promise<string> {
  await onOwn(machine, "sh", "-c", MAKE_IMAGE, "make-image", reference);
  const pushed = await onOwn(machine, "docker", "push", reference);
  await onOwn(machine, "docker", "image", "rm", "--force", reference);
  return /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1] ?? "";
}

const MAKE_IMAGE = `set -eu
root=$(mktemp -d)
for program in dash sleep cat ls bash; do
  for file in /bin/$program $(ldd /bin/$program | grep -o '/lib[^ ]*'); do
    mkdir -p "$root/$(dirname "$file")"
    cp -L "$file" "$root/$file"
  done
done
ln -s dash "$root/bin/sh"
tar -C "$root" -c . | docker import - "$1"
`;
