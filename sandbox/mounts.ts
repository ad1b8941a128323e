// How the Docker VM mounts the NAS's exports, and how they are made to fail for tests.
import { HostError, UserError } from "../model/errors.ts";
import { hostWith } from "../model/host-names.ts";
import { EXPORTS } from "./exports.ts";
import { onMachine } from "./machine.ts";
import type { SandboxSettings } from "./settings.ts";

/**
 * The site setting `nasMounts`, as a household would write it. What answers to it where the kernel
 * has no NFS is in exports.ts. Seen with systemd 252 and sshfs 3.7: mounted at boot, usable 0.4 s
 * after the NAS lost its power and came back, and 0.7 s after a cut cable was restored.
 */
export const NAS_MOUNTS = {
  type: "nfs",
  source: `${hostWith("storage")}:`,
  options: "_netdev,nofail,soft,timeo=50,retrans=2",
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

/**
 * Sets how the NAS treats the Docker VM's mounts, for every export at once.
 * @throws UserError where one host is storage and home, so nothing is mounted
 * @throws HostError when the NAS does not do it
 */
export async function setExports(settings: SandboxSettings, state: ExportState): Promise<void> {
  if (EXPORTS === undefined) {
    throw new UserError(
      "HL-SANDBOX-EXPORTS",
      "no machine mounts another's folders: one host of the household is storage and home",
    );
  }
  const { server, client } = EXPORTS;
  const rule = [
    ...["--protocol", "tcp", "--source", settings.network.machines[client]],
    ...["--dport", "22", "--match", "comment", "--comment", "sandbox-exports"],
  ];
  for (const target of Object.values(TARGET)) {
    await onMachine(settings, server, [
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
  const answer = await onMachine(settings, server, insert);
  if (answer.exitCode !== 0) {
    throw new HostError(
      "HL-SANDBOX-EXPORTS",
      server,
      `its exports could not be made "${state}": ${answer.stderr.trim()}`,
      answer.exitCode,
    );
  }
}
