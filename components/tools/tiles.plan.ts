import type { AppService } from "../../model/declaration.ts";
import type { TileDeclaration } from "../../model/declared-uses.ts";
import type { HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { siteName, type RoutedHost } from "../edge/routes.plan.ts";

/** A tile as the start page shows it. */
export interface Tile extends TileDeclaration {
  readonly host: HostName;
  /** Container name on that host. */
  readonly container: string;
  /** Where it leads; undefined when the service has no page that can be reached. */
  readonly href?: string;
}

/** Groups in the order of the start page; others follow. */
export const TILE_GROUPS = [
  "Security",
  "Automation",
  "Media",
  "Monitoring",
  "Photos",
  "Tools",
  "Infrastructure",
] as const;

/** The tiles of all given services, by group in the order of the page. */
export function tilesOf(site: Site, hosts: readonly RoutedHost[]): Map<string, Tile[]> {
  const groups = new Map<string, Tile[]>(TILE_GROUPS.map((group) => [group, []]));
  for (const { host, services } of hosts) {
    for (const service of services) {
      if (!service.tile) continue;
      const { group } = service.tile;
      const href = pageOf(site, host, service);
      groups.set(group, [
        ...(groups.get(group) ?? []),
        { ...service.tile, host, container: service.name, ...(href ? { href } : {}) },
      ]);
    }
  }
  return new Map([...groups].filter(([, tiles]) => tiles.length > 0));
}

/** The service's first site, else the first port that the home network reaches. */
function pageOf(site: Site, host: HostName, service: AppService): string | undefined {
  const [route] = service.routes ?? [];
  if (route) return `https://${siteName(site, route)}`;
  const address = site.hosts[host].lan;
  const port = (service.ports ?? []).find(
    ({ bind, protocol, container }) =>
      protocol === "tcp" && container !== 53 && (bind === "0.0.0.0" || bind === address),
  );
  return port ? `http://${address}:${port.host}` : undefined;
}
