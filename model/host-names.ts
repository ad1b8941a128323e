import { ENTRIES, NAME, type HostEntry, type Role } from "../household/hosts.ts";

type Entry = (typeof ENTRIES)[number];

/** A host of the homelab; also the name of its Pulumi stack and of its ssh alias. */
export type HostName = Entry["name"];

type NameWith<R extends Role, E> = E extends {
  readonly name: infer Name;
  readonly roles: infer All;
}
  ? All extends readonly (infer Each)[]
    ? R extends Each
      ? Name
      : never
    : never
  : never;

/** The name of the host with a role. */
export type HostWith<R extends Role> = NameWith<R, Entry>;

/** What the household is called; its topics at ntfy begin with it. */
export const HOUSEHOLD_NAME = NAME;

const entries: readonly (HostEntry & { readonly name: HostName })[] = ENTRIES;

/** All hosts, in the order they are deployed: each may rely on those before it. */
export const HOSTS: readonly HostName[] = entries.map(({ name }) => name);

/** Something for each of some hosts, by name. */
export function byHost<Name extends HostName, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;
}

/** Whether the text names a host. */
export function isHostName(text: string): text is HostName {
  return (HOSTS as readonly string[]).includes(text);
}

/** Whether a host has a role. */
export function hasRole(host: HostName, role: Role): boolean {
  return entries.some(({ name, roles }) => name === host && roles.includes(role));
}

/** Whether a host may be away, which is then a warning and no failure. */
export function isIntermittent(host: string): boolean {
  return entries.some(({ name, intermittent }) => name === host && intermittent === true);
}

/**
 * The host with a role.
 * @throws Error when no host has it; the type says so before
 */
export function hostWith<R extends Role>(role: R): HostWith<R> {
  const found = entries.find(({ roles }) => roles.includes(role));
  if (!found) throw new Error(`no host of household/hosts.ts has the role "${role}"`);
  return found.name as HostWith<R>;
}

/** The hosts in the home's network, in the order they are deployed: all but the coordinator. */
export function hostsAtHome(): HostName[] {
  return HOSTS.filter((host) => !hasRole(host, "coordinator"));
}

/** What people call a host, e.g. "Docker VM". */
export function titleOf(host: HostName): string {
  return entries.find(({ name }) => name === host)?.title ?? host;
}
