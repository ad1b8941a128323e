import { HOSTS } from "./host-names.ts";

/** A mistake that no value has alone. */
export interface SiteClash {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Addresses that two hosts share. Looked for in whatever was given, so that they are told beside
 * the mistakes of single values.
 */
export function clashesIn(site: unknown): SiteClash[] {
  return (["lan", "mesh"] as const).flatMap((kind) => {
    const owners = new Map<string, string>();
    return HOSTS.flatMap((host) => {
      const address = field(field(field(site, "hosts"), host), kind);
      if (typeof address !== "string") return [];
      const owner = owners.get(address);
      if (owner === undefined) owners.set(address, host);
      return owner === undefined
        ? []
        : [{ path: ["hosts", host, kind], message: `"${address}" is ${owner}'s address already` }];
    });
  });
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object"
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
