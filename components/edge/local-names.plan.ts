import { hasRole } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { otherNames, routesOf, servedBy, siteName, type RoutedHost } from "./routes.plan.ts";

/** A name that means an address of the home network. */
export interface LocalName {
  /** Full name, e.g. "vault.cronova.dev". */
  readonly name: string;
  /** IPv4 address. */
  readonly address: string;
}

/**
 * The names the home's DNS has to answer by itself: every site that a proxy at home serves. The
 * sites of the coordinator are public, so they are left to the public DNS. Pi-hole's web page held these
 * names by hand before, one by one.
 */
export function localNames(site: Site, hosts: readonly RoutedHost[]): LocalName[] {
  const sites = routesOf(hosts).flatMap((source) => {
    const host = servedBy(source);
    return hasRole(host, "coordinator")
      ? []
      : [{ name: siteName(site, source.route), address: site.hosts[host].lan }];
  });
  const others = otherNames(hosts).map(([name, host]) => ({
    name: `${name}.${site.domain}`,
    address: site.hosts[host].lan,
  }));
  return [...sites, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names as a configuration file of dnsmasq, which Pi-hole's resolver is made from. */
export function localNamesFile(names: readonly LocalName[]): string {
  const lines = names.map(({ name, address }) => `host-record=${name},${address}`);
  return `# Written by the homelab program from the routes of all services.\n${lines.join("\n")}\n`;
}
