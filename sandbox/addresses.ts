// Names and addresses of the sandbox, all derived from its folder and its network prefix, so that
// two sandboxes on one computer never share an interface, a namespace or an address.
import { createHash } from "node:crypto";
import type { Role } from "../household/hosts.ts";
import { UserError } from "../model/errors.ts";
import { byHost, hasRole, HOSTS, type HostName } from "../model/host-names.ts";

/** The machines: one for each host of the household, in the order they are started. */
export const MACHINES = HOSTS;

/** Name of a sandbox machine: its host's, also its ssh alias and its host name. */
export type MachineName = HostName;

/** What each role's host has as its last octet; a host with several has that of the first. */
const ROLE_OCTETS: readonly (readonly [role: Role, octet: number])[] = [
  ["home", 10],
  ["coordinator", 11],
  ["storage", 12],
];

/** The first host without a role has this one, and those that follow it the next. */
const FIRST_MEMBER_OCTET = 13;

/** The machines that others rely on: those of hosts with a role. */
export const NEIGHBOURS = MACHINES.filter((machine) => roleOctet(machine) !== undefined);

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
export const MESH_ADDRESSES: Readonly<Record<MachineName, string>> = byHost(
  MACHINES,
  (machine) => `100.64.0.${MACHINES.indexOf(machine) + 1}`,
);

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
    machines: byHost(MACHINES, (machine) => `${prefix}.${lastOctet(machine)}`),
  };
}

function roleOctet(machine: MachineName): number | undefined {
  return ROLE_OCTETS.find(([role]) => hasRole(machine, role))?.[1];
}

function lastOctet(machine: MachineName): number {
  const members = MACHINES.filter((name) => !NEIGHBOURS.includes(name));
  return roleOctet(machine) ?? FIRST_MEMBER_OCTET + members.indexOf(machine);
}

/** Six hex digits that stand for a sandbox folder in interface and control group names. */
export function sandboxId(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 6);
}

/** The interface on the user's side; at most 15 characters, the kernel's limit. */
export function userInterface(id: string): string {
  return `homelab-${id}`;
}

/** Longest name of a cable's end: the kernel's 15 characters without "port-". */
const LONGEST_END = 10;

/** Name of a machine's cable where it enters the hub's bridge. */
export function hubPort(end: MachineName | "user"): string {
  const short = createHash("sha256").update(end).digest("hex").slice(0, LONGEST_END);
  return `port-${end.length > LONGEST_END ? short : end}`;
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
