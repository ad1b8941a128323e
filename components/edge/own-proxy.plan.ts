import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { ReportingDeclaration } from "../../model/declared-machine.ts";
import { hasRole, type HostName } from "../../model/host-names.ts";
import { httpsPort } from "../../model/https-port.ts";
import type { Site } from "../../model/site.ts";
import { routesOf, servedBy, siteName } from "./routes.plan.ts";

/**
 * Where a host asks its own proxy for the certificates of its sites.
 * @param services of that host
 * @param known what is declared on all hosts
 * @returns undefined where it has no proxy, or one without a site
 */
export function ownProxy(
  site: Site,
  host: HostName,
  services: readonly ServiceDeclaration[],
  known: readonly HostDeclaration[],
): ReportingDeclaration["proxy"] {
  const port = services.map((service) => httpsPort(service)).find((one) => one !== undefined);
  const routed = routesOf(known)
    .filter((source) => servedBy(source) === host)
    .map(({ route }) => siteName(site, route));
  // The page of the domain itself is no route.
  const names = [...new Set([...routed, ...(hasRole(host, "coordinator") ? [site.domain] : [])])];
  if (!port || names.length === 0) return undefined;
  const address = port.bind === "0.0.0.0" ? "127.0.0.1" : port.bind;
  return { address, port: port.host, names };
}
