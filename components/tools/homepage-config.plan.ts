import { stringify } from "yaml";
import type { HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import type { Tile } from "./tiles.plan.ts";

/** Homepage's name for the engine whose socket it reads. */
const ENGINE = "local";

/** What Homepage's files are made from. */
export interface HomepageConfigArgs {
  /** Host it runs on: only that one's containers can be asked for their state. */
  readonly host: HostName;
  /** Tiles by group, from `tilesOf`. */
  readonly tiles: ReadonlyMap<string, readonly Tile[]>;
}

/** Homepage's configuration files by name. */
export function homepageFiles(site: Site, args: HomepageConfigArgs): Record<string, string> {
  const groups = [...args.tiles.keys()];
  return {
    "services.yaml": stringify(
      [...args.tiles].map(([group, tiles]) => ({
        [group]: tiles.map((tile) => ({ [tile.title]: entry(tile, args.host) })),
      })),
      { lineWidth: 0 },
    ),
    "settings.yaml": stringify({
      title: site.domain,
      headerStyle: "clean",
      layout: Object.fromEntries(groups.map((group) => [group, { style: "row", columns: 4 }])),
    }),
    "docker.yaml": stringify({ [ENGINE]: { socket: "/var/run/docker.sock" } }),
    "widgets.yaml": stringify([
      { resources: { cpu: true, memory: true, disk: "/" } },
      { datetime: { format: { dateStyle: "long", timeStyle: "short" } } },
    ]),
    // Links of people; none belong to the homelab itself.
    "bookmarks.yaml": stringify([]),
  };
}

function entry(tile: Tile, host: HostName): Record<string, string> {
  return {
    icon: tile.icon,
    description: tile.description,
    ...(tile.href ? { href: tile.href } : {}),
    ...(tile.host === host ? { server: ENGINE, container: tile.container } : {}),
  };
}
