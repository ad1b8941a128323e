// How a machine is booted: a root file system of its own, in a network namespace made beforehand.
import type { MachineName } from "./addresses.ts";

/** Everything that differs from machine to machine when it boots. */
export interface BootPlan {
  readonly machine: MachineName;
  /** Name under which the computer's other tools see it, e.g. "homelab-1a2b3c-vps". */
  readonly name: string;
  /** Its root file system. */
  readonly root: string;
  /** File that holds its network namespace open. */
  readonly namespace: string;
  /** Folder for the engine's data, outside the root so that overlay never lies on overlay. */
  readonly engineData: string;
  /** Folder for containerd's data, outside the root for the same reason. */
  readonly containerdData: string;
  /** Folder with the engine's programs, and its path inside the machine. */
  readonly programs: BoundFolder;
  /** Device nodes and folders of them. */
  readonly devices: readonly BoundFolder[];
}

/** A folder or file of the computer that the machine sees. */
export interface BoundFolder {
  readonly from: string;
  readonly to: string;
}

/** The environment systemd-nspawn needs. */
export const NSPAWN_ENVIRONMENT = {
  // Without it the engine cannot switch IPv6 off for a container.
  SYSTEMD_NSPAWN_API_VFS_WRITABLE: "1",
  // Its lock files would stay behind in /run; the supervisor sees to it that nothing starts twice.
  SYSTEMD_NSPAWN_LOCK: "0",
} as const;

/** The argv that boots a machine. */
export function nspawnArgv(plan: BootPlan): string[] {
  return [
    "systemd-nspawn",
    "--quiet",
    "--boot",
    `--directory=${plan.root}`,
    `--machine=${plan.name}`,
    `--hostname=${plan.machine}`,
    "--register=no",
    "--keep-unit",
    `--network-namespace-path=${plan.namespace}`,
    "--capability=all",
    "--system-call-filter=keyctl bpf add_key",
    // Each machine keeps its own log, name service and clock settings.
    "--link-journal=no",
    "--resolv-conf=off",
    "--timezone=off",
    "--console=read-only",
    `--bind=${plan.engineData}:/var/lib/docker`,
    `--bind=${plan.containerdData}:/var/lib/containerd`,
    `--bind-ro=${plan.programs.from}:${plan.programs.to}`,
    ...plan.devices.map(({ from, to }) => `--bind=${from}:${to}`),
  ];
}
