import type { HostDeclaration } from "./declaration.ts";
import type { Problem } from "./problem.ts";

/**
 * Config keys of the tailscale provider that open Tailscale's interface: a key, or a client with
 * its secret. Nothing else is asked for one, no variable of the environment either.
 */
export const TAILSCALE_ACCESS = {
  key: "tailscale:apiKey",
  client: "tailscale:oauthClientId",
  clientSecret: "tailscale:oauthClientSecret",
} as const;

/** Those of them that must be encrypted. */
export const TAILSCALE_SECRETS: readonly string[] = [
  TAILSCALE_ACCESS.key,
  TAILSCALE_ACCESS.clientSecret,
];

/**
 * What a host in a tailnet lacks to get in there; nothing for any other host.
 * @param given config keys that its stack has
 */
export function accessProblems(host: HostDeclaration, given: readonly string[]): Problem[] {
  if (host.tailnet === undefined) return [];
  const { key, client, clientSecret } = TAILSCALE_ACCESS;
  const has = (name: string) => given.includes(name);
  const set = (name: string) => `pulumi config set --secret ${name} -s ${host.host}`;
  if (has(key)) {
    const both = [client, clientSecret].filter(has);
    return both.length === 0
      ? []
      : [{ path: key, message: `is given beside ${both.join(" and ")}; remove one or the other` }];
  }
  if (has(client) && has(clientSecret)) return [];
  if (has(client)) {
    return [
      {
        path: clientSecret,
        message: `is not in the config of stack ${host.host}; ${client} needs it: ${set(clientSecret)}`,
      },
    ];
  }
  if (has(clientSecret)) {
    return [
      {
        path: client,
        message: `is not in the config of stack ${host.host}; ${clientSecret} needs it`,
      },
    ];
  }
  return [
    {
      path: key,
      message: `is not in the config of stack ${host.host}, which makes a key in the tailnet "${host.tailnet}" for its host: ${set(key)}, or give ${client} and ${clientSecret}`,
    },
  ];
}
