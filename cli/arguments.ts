import { UserError } from "../model/errors.ts";
import { HOSTS, isHostName, type HostName } from "../model/host-names.ts";

/**
 * The host that an argument names.
 * @throws UserError HL-USAGE when there is none of that name
 */
export function hostNamed(text: string): HostName {
  if (isHostName(text)) return text;
  throw new UserError("HL-USAGE", `"${text}" is not a host; the hosts are ${HOSTS.join(", ")}`);
}

/** The hosts that arguments name, in the order they are deployed; all of them without arguments. */
export function hostsNamed(texts: readonly string[]): HostName[] {
  const named = new Set(texts.map(hostNamed));
  return HOSTS.filter((host) => named.size === 0 || named.has(host));
}

/**
 * One of several words.
 * @throws UserError HL-USAGE that lists them
 */
export function oneOf<T extends string>(what: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === given);
  if (found !== undefined) return found;
  throw new UserError("HL-USAGE", `the ${what} "${given}" is none of ${allowed.join(", ")}`);
}

/**
 * A whole number from 1 on.
 * @param most the largest that is possible
 * @throws UserError HL-USAGE for anything else
 */
export function countOf(what: string, text: string, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw new UserError("HL-USAGE", `${what} "${text}" is no number from 1 to ${most}`);
}
