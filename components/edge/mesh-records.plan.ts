import { hasRole, HOSTS, hostWith, type HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { otherNames, routesOf, servedBy, siteName, type RoutedHost } from "./routes.plan.ts";

/** One address record that every mesh member gets. */
export interface MeshRecord {
  readonly name: string;
  readonly type: "A";
  readonly value: string;
}

/**
 * The records that Headscale hands to every node: each site that is served at home, at the mesh
 * address of the host that serves it, and a short name for each host at home. Sites of the VPS
 * are left to the public DNS, so that a node can find Headscale before it is in the mesh.
 */
export function meshRecords(site: Site, hosts: readonly RoutedHost[]): MeshRecord[] {
  const records = new Map<string, string>();
  const add = (name: string, host: HostName) => {
    if (!hasRole(host, "coordinator")) records.set(name, site.hosts[host].mesh);
  };
  for (const host of HOSTS) add(`${host}.${site.domain}`, host);
  for (const [name, host] of otherNames(hosts)) add(`${name}.${site.domain}`, host);
  for (const source of routesOf(hosts)) add(siteName(site, source.route), servedBy(source));
  return [...records]
    .map(([name, value]) => ({ name, type: "A" as const, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Who answers all other names for the members: the coordinator's resolver, and a public one after it.
 * @param resolver whether the coordinator has one
 */
export function meshNameservers(site: Site, resolver = true): string[] {
  const { mesh } = site.hosts[hostWith("coordinator")];
  return [...(resolver ? [mesh] : []), ...site.dnsUpstreams.slice(0, 1)];
}

/** Whether somebody answers the members' names at the coordinator's address in the mesh. */
export function hasMeshResolver(site: Site, hosts: readonly RoutedHost[]): boolean {
  const { mesh } = site.hosts[hostWith("coordinator")];
  return hosts.some(({ services }) =>
    services.some(({ ports = [] }) => ports.some(({ bind, host }) => bind === mesh && host === 53)),
  );
}

/** The records as the file that Headscale watches (`extra_records_path`). */
export function meshRecordsFile(records: readonly MeshRecord[]): string {
  return `${JSON.stringify(records, null, 2)}\n`;
}
