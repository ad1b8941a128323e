import { isIPv4 } from "node:net";

/** A range of IPv4 addresses. */
export interface Subnet {
  /** As a person writes it, e.g. "172.20.0.0/16". */
  readonly text: string;
  /** Its first address as a number. */
  readonly first: number;
  /** Its last one. */
  readonly last: number;
}

/** Where Tailscale's and Headscale's members have their addresses (RFC 6598). */
export const MESH_SUBNET = subnetOf("100.64.0.0/10");

/** An IPv4 address as a number. */
export function addressNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/**
 * The range that a text like "192.168.0.0/24" names; an address alone is a range of one.
 * @returns undefined for anything else, IPv6 too
 */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = "", bits = "32", ...more] = text.split("/");
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32 || more.length > 0) {
    return undefined;
  }
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(addressNumber(address) / size) * size;
  return { text, first, last: first + size - 1 };
}

/**
 * The range of a text that the program itself wrote.
 * @throws Error when it names none
 */
export function subnetOf(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (!subnet) throw new Error(`"${text}" is no subnet`);
  return subnet;
}

/** Whether two ranges have an address in common. */
export function overlap(one: Subnet, other: Subnet): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Whether an address is in a range; never for what is no IPv4 address. */
export function isWithin(address: string, { first, last }: Subnet): boolean {
  if (!isIPv4(address)) return false;
  const number = addressNumber(address);
  return first <= number && number <= last;
}
