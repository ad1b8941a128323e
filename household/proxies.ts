import { CADDY } from "../components/edge/caddy.plan.ts";
import { PUBLIC_CADDY } from "../components/edge/public-caddy.plan.ts";
import type { HomeProxy, ReverseProxy } from "../components/edge/proxy.plan.ts";
import { hostWith, type HostName } from "../model/host-names.ts";
import type { Problem } from "../model/problem.ts";
import type { Site } from "../model/site.ts";

/** The reverse proxies of a household, by the role of the host that each runs on. */
export interface Proxies {
  /** Serves what the internet may reach. */
  readonly coordinator: ReverseProxy;
  /** Serves the sites of every host at home. */
  readonly home: HomeProxy;
}

/** Which reverse proxy each host runs: nothing else says it (docs/adr/0029-reverse-proxies.md). */
export const PROXIES: Proxies = { coordinator: PUBLIC_CADDY, home: CADDY };

const ROLES = ["coordinator", "home"] as const satisfies readonly (keyof Proxies)[];

/** The issuers of certificates that the site wants and a proxy does not know, each with its path. */
export function unknownIssuers(site: Site): Problem[] {
  return ROLES.flatMap((role) => {
    const host: HostName & keyof Site["certificates"] = hostWith(role);
    const { issuer } = site.certificates[host];
    const { issuers } = PROXIES[role];
    return issuers.includes(issuer)
      ? []
      : [
          {
            path: `homelab:site.certificates.${host}.issuer`,
            message: `cannot be "${issuer}", which the reverse proxy of ${host} does not know; use ${issuers.map((one) => `"${one}"`).join(" or ")}`,
          },
        ];
  });
}
