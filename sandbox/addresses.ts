// Names and addresses of the sandbox, all derived from its folder and its network prefix, so that
// two sandboxes on one computer never share an interface, a namespace or an address.
import { createHash } from "node:crypto";
import { UserError } from "../model/errors.ts";

/** The three machines, in the order they are started. */
export const MACHINES = ["vps", "nas", "docker-vm"] as const;

/** Name of a sandbox machine; also its ssh alias and its host name. */
export type MachineName = (typeof MACHINES)[number];

/**
 * First three octets used when nothing else is asked for. 198.18.0.0/15 is reserved for tests of
 * network devices (RFC 2544), so no real network that the computer can reach has it.
 */
export const DEFAULT_PREFIX = "198.18.77";

/** Domain of the sandbox's sites; ".test" is reserved, so nobody outside has it (RFC 2606). */
export const SANDBOX_DOMAIN = "homelab.test";

/**
 * The machines' addresses in the mesh: its coordinator hands them out one after another, and the
 * stacks are deployed in this order.
 */
export const MESH_ADDRESSES: Readonly<Record<MachineName, string>> = {
  vps: "100.64.0.1",
  nas: "100.64.0.2",
  "docker-vm": "100.64.0.3",
};

/** Every address of one sandbox. */
export interface SandboxNetwork {
  /** First three octets, e.g. "198.18.77". */
  readonly prefix: string;
  /** The user's side: the one interface in the computer's own network namespace. */
  readonly user: string;
  /** The hub namespace, where the registry listens. */
  readonly registry: string;
  /** Address of each machine. */
  readonly machines: Readonly<Record<MachineName, string>>;
}

/**
 * Lays the addresses out below a prefix.
 * @throws UserError when the prefix is not three octets inside 198.18.0.0/15
 */
export function sandboxNetwork(prefix: string = DEFAULT_PREFIX): SandboxNetwork {
  const octets = prefix.split(".").map(Number);
  const [first, second, third] = octets;
  const valid =
    /^\d+\.\d+\.\d+$/.test(prefix) &&
    first === 198 &&
    (second === 18 || second === 19) &&
    third !== undefined &&
    third <= 255;
  if (!valid) {
    throw new UserError(
      "HL-SANDBOX-NETWORK",
      `HOMELAB_SANDBOX_NET is "${prefix}"; it must be the first three octets of a network inside ` +
        `198.18.0.0/15, e.g. "198.18.78"`,
    );
  }
  return {
    prefix,
    user: `${prefix}.1`,
    registry: `${prefix}.2`,
    machines: {
      vps: `${prefix}.11`,
      nas: `${prefix}.12`,
      "docker-vm": `${prefix}.10`,
    },
  };
}

/** Six hex digits that stand for a sandbox folder in interface and control group names. */
export function sandboxId(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 6);
}

/** The interface on the user's side; at most 15 characters, the kernel's limit. */
export function userInterface(id: string): string {
  return `homelab-${id}`;
}

/** Name of a machine's cable where it enters the hub's bridge. */
export function hubPort(end: MachineName | "user"): string {
  return `port-${end}`;
}

/** The machine called `name`. @throws UserError when there is none */
export function machineNamed(name: string): MachineName {
  const found = MACHINES.find((machine) => machine === name);
  if (found === undefined) {
    throw new UserError(
      "HL-SANDBOX-MACHINE",
      `there is no sandbox machine "${name}"; choose one of ${MACHINES.join(", ")}`,
    );
  }
  return found;
}
