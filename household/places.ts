import type { HostName } from "../model/host-names.ts";

/** Hosts that lose power together, by the place where they stand; one that is in none stands alone. */
export const PLACES: Readonly<Record<string, readonly HostName[]>> = {
  home: ["nas", "docker-vm"],
};
