// The NAS's exports on the Docker VM. This kind of computer has no NFS in its kernel, so the network
// mount is sshfs: a FUSE file system over the same link, with the same ways to fail. The stack
// writes the mount units; this file knows what must be in them, and makes the mounts fail for tests.
import { HostError } from "../model/errors.ts";
import { EXPORT_KEY_PATH, EXPORT_KNOWN_HOSTS_PATH } from "./exports.ts";
import { onMachine } from "./machine.ts";
import type { SandboxSettings } from "./settings.ts";

/**
 * What a systemd mount unit on the Docker VM needs: `What=nas:/srv/media`, `Type=` and `Options=`.
 * Seen working with systemd 252 and sshfs 3.7: mounted at boot, usable 0.4 s after the NAS lost
 * its power and came back, and 0.7 s after a cut cable was restored.
 *
 * - allow_other: containers run as users that did not mount it. No default_permissions: the NAS
 *   sees every writer as root, so a file's owner could be refused its own file.
 * - reconnect: without it a NAS that restarted leaves "Transport endpoint is not connected" for ever.
 * - ServerAlive…: a silent NAS becomes an error after 10 s instead of a hang without end.
 * - dcache_timeout: what the NAS changed is seen after 2 s; the default is 20.
 */
export const NAS_MOUNTS = {
  type: "fuse.sshfs",
  source: "nas:",
  options: [
    "_netdev",
    "nofail",
    "allow_other",
    "reconnect",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=2",
    "ConnectTimeout=5",
    "BatchMode=yes",
    `IdentityFile=${EXPORT_KEY_PATH}`,
    `UserKnownHostsFile=${EXPORT_KNOWN_HOSTS_PATH}`,
    "StrictHostKeyChecking=yes",
    "dcache_timeout=2",
  ].join(","),
} as const;

/**
 * How the NAS treats the Docker VM's mounts:
 * - "served": as it should;
 * - "absent": refused at once, as by a NAS that is on and exports nothing. Until it is served
 *   again, a mount is late;
 * - "stale": never answered, as by a NAS that hangs.
 * A cable that is cut is `setLink` in network.ts. All end with the NAS's next boot.
 */
export type ExportState = "served" | "absent" | "stale";

/** Firewall target that makes each state. */
const TARGET: Readonly<Record<Exclude<ExportState, "served">, readonly string[]>> = {
  // A reset also ends the connections there are; a dropped packet leaves them hanging.
  absent: ["REJECT", "--reject-with", "tcp-reset"],
  stale: ["DROP"],
};

/** Sets how the NAS treats the Docker VM's mounts, for every export at once. */
export async function setExports(settings: SandboxSettings, state: ExportState): Promise<void> {
  const rule = [
    ...["--protocol", "tcp", "--source", settings.network.machines["docker-vm"]],
    ...["--dport", "22", "--match", "comment", "--comment", "sandbox-exports"],
  ];
  for (const target of Object.values(TARGET)) {
    await onMachine(settings, "nas", [
      "iptables",
      "--delete",
      "INPUT",
      ...rule,
      "--jump",
      ...target,
    ]);
  }
  if (state === "served") return;
  const insert = ["iptables", "--insert", "INPUT", ...rule, "--jump", ...TARGET[state]];
  const answer = await onMachine(settings, "nas", insert);
  if (answer.exitCode !== 0) {
    throw new HostError(
      "HL-SANDBOX-EXPORTS",
      "nas",
      `its exports could not be made "${state}": ${answer.stderr.trim()}`,
      answer.exitCode,
    );
  }
}
