import { networkInterfaces } from "node:os";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";

/**
 * Whether this computer is the VPS: it has one of the addresses that the site gives that host.
 * @param addresses of this computer. @default those that it has now
 */
export function isCoordinator(
  { hosts }: Site,
  addresses: readonly string[] = ownAddresses(),
): boolean {
  const { lan, mesh } = hosts[hostWith("coordinator")];
  return addresses.includes(lan) || addresses.includes(mesh);
}

/** Addresses of this computer, without those that every computer has. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((found) =>
    (found ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  );
}
