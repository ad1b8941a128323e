/** What a registry asks for with "401 Unauthorized". */
export type Challenge =
  | {
      readonly scheme: "bearer";
      readonly realm: string;
      /** Parameters to pass on to the realm, as they came. */
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly scheme: "basic" };

/**
 * Reads a WWW-Authenticate header (RFC 9110, 11.6.1; distribution spec, token authentication).
 * @returns undefined when it asks for nothing that is known here
 */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*([A-Za-z]+)(?:\s+(.*))?$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "basic") return { scheme: "basic" };
  if (scheme.toLowerCase() !== "bearer") return undefined;
  const pairs = [...rest.matchAll(/([a-z_]+)="([^"]*)"/gi)];
  const { realm, ...parameters } = Object.fromEntries(
    pairs.map(([, name = "", value = ""]) => [name.toLowerCase(), value]),
  );
  return realm === undefined ? undefined : { scheme: "bearer", realm, parameters };
}
