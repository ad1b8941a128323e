import { hasRole, HOSTS, hostsAtHome, hostWith, type HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import type { RoutedHost } from "../edge/routes.plan.ts";

/** Which ports of which host the mesh lets through. */
export interface MeshReach {
  readonly to: HostName;
  readonly ports: readonly number[];
}

/** The mesh's rules in Headscale's form (huJSON, policy version 2). */
export interface MeshPolicy {
  readonly tagOwners: Readonly<Record<string, readonly string[]>>;
  readonly hosts: Readonly<Record<string, string>>;
  readonly acls: readonly {
    readonly action: "accept";
    readonly src: readonly string[];
    readonly dst: readonly string[];
  }[];
  readonly autoApprovers: { readonly exitNode: readonly string[] };
}

/** Tags of the mesh; every node carries one. */
export const MESH_TAGS = {
  /** The household's own computers: may do everything. */
  admin: "tag:admin",
  /** The hosts at home. */
  server: "tag:server",
  /** The coordinator, which is also the way out to the internet. */
  vps: `tag:${hostWith("coordinator")}`,
  /** Phones. */
  mobile: "tag:mobile",
} as const;

/** The tag a host of ours carries in the mesh. */
export function meshTag(host: HostName): string {
  return hasRole(host, "coordinator") ? MESH_TAGS.vps : MESH_TAGS.server;
}

const WEB = [80, 443] as const;
const METRICS = 9100;
const DNS = 53;

/**
 * What the VPS may reach at home: the web, and whatever its uptime monitor asks at a mesh
 * address. Kept by hand, such a list misses the port of the next probe.
 */
export function vpsReach(hosts: readonly RoutedHost[]): MeshReach[] {
  const ports = portsAtHome([...WEB, METRICS]);
  for (const { host, services } of hosts) {
    for (const probe of services.flatMap(({ probes = [] }) => probes)) {
      const asked = probedPort(host, probe.target);
      if (asked) ports.get(asked.host)?.add(asked.port);
    }
  }
  return sorted(ports);
}

/**
 * What phones may reach at home: the web, DNS, and the ports that services with a site of their
 * own publish, since their apps are often set up with them.
 */
export function mobileReach(hosts: readonly RoutedHost[]): MeshReach[] {
  const ports = portsAtHome(WEB);
  for (const { host, services } of hosts) {
    for (const service of services) {
      for (const port of service.ports ?? []) {
        const web = (service.routes ?? []).some((route) => route.port === port.container);
        const useful = port.host === DNS || web;
        if (port.bind === "0.0.0.0" && useful) ports.get(host)?.add(port.host);
      }
    }
  }
  return sorted(ports);
}

/** The policy derived from what the fleet publishes and what its monitors ask. */
export function meshPolicy(site: Site, hosts: readonly RoutedHost[]): MeshPolicy {
  const { admin, server, vps, mobile } = MESH_TAGS;
  const owner = [`${site.adminUser}@`];
  const accept = (src: string, dst: readonly string[]) =>
    ({ action: "accept", src: [src], dst }) as const;
  return {
    tagOwners: { [admin]: owner, [server]: owner, [vps]: owner, [mobile]: owner },
    hosts: Object.fromEntries(HOSTS.map((host) => [host, `${site.hosts[host].mesh}/32`])),
    acls: [
      accept(admin, ["*:*"]),
      accept(server, [`${server}:*`, `${vps}:*`]),
      accept(vps, reachText(vpsReach(hosts))),
      accept(mobile, [...reachText(mobileReach(hosts)), `${vps}:*`, "autogroup:internet:*"]),
    ],
    autoApprovers: { exitNode: [vps] },
  };
}

/** The same ports of every host at home, to which others are added. */
function portsAtHome(ports: readonly number[]): Map<HostName, Set<number>> {
  return new Map(hostsAtHome().map((host) => [host, new Set(ports)]));
}

function reachText(reach: readonly MeshReach[]): string[] {
  return reach.map(({ to, ports }) => `${to}:${ports.join(",")}`);
}

function sorted(ports: ReadonlyMap<HostName, ReadonlySet<number>>): MeshReach[] {
  return [...ports].map(([to, list]) => ({ to, ports: [...list].sort((a, b) => a - b) }));
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Host and port of a probe that goes to a mesh address, undefined for any other. */
function probedPort(own: HostName, target: string): { host: HostName; port: number } | undefined {
  const found = /^(?:(\w+):\/\/)?\{mesh(?::([a-z0-9-]+))?\}(?::(\d+))?/.exec(target);
  const host = HOSTS.find((name) => name === (found?.[2] ?? own));
  if (!found || !host) return undefined;
  const port = found[3] === undefined ? DEFAULT_PORTS[found[1] ?? ""] : Number(found[3]);
  return port === undefined ? undefined : { host, port };
}

/** The policy as the file that Headscale reads. */
export function meshPolicyFile(policy: MeshPolicy): string {
  return `${JSON.stringify(policy, null, 2)}\n`;
}
