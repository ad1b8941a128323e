import type { FileDeclaration } from "../../model/declared-files.ts";
import type { RouteDeclaration } from "../../model/declared-uses.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { reachedThrough, type ReachedThrough } from "../edge/proxy.plan.ts";
import { siteName } from "../edge/routes.plan.ts";
import { homepageFiles } from "./homepage-config.plan.ts";
import type { Tile } from "./tiles.plan.ts";
import { HOMEPAGE_1_11_IMAGE } from "./homepage.image.ts";
import { app } from "../../model/app.ts";

/** What Homepage has to know beside the site. */
export interface HomepageArgs extends ReachedThrough {
  /** Tiles by group, from `tilesOf(site, hosts)`. */
  readonly tiles: ReadonlyMap<string, readonly Tile[]>;
}

/** Homepage, the start page, made from the tiles of all services; starts after the proxy. */
export function homepage(site: Site, args: HomepageArgs) {
  const { proxy } = args;
  const route: RouteDeclaration = { name: args.at ?? "homepage", port: 3000, auth: true };
  const files = homepageFiles(site, { host: hostWith("home"), tiles: args.tiles });
  return app({
    type: "homelab:tools:Homepage",
    exposes: {
      /** The web page; healthy by its own check. */
      page: "homepage",
    },
    images: [HOMEPAGE_1_11_IMAGE],
    services: [
      {
        name: "homepage",
        stack: "tools",
        image: HOMEPAGE_1_11_IMAGE.reference,
        env: {
          TZ: site.timezone,
          // Since version 1 it refuses names that are not listed.
          HOMEPAGE_ALLOWED_HOSTS: siteName(site, route),
          // Otherwise it also writes a file that nothing shortens.
          LOG_TARGETS: "stdout",
        },
        networks: [{ name: proxy.network }],
        ports: [{ bind: "127.0.0.1", host: 3030, container: 3000, protocol: "tcp" }],
        mounts: [
          {
            kind: "bind",
            source: "/var/run/docker.sock",
            target: "/var/run/docker.sock",
            readOnly: true,
          },
        ],
        files: Object.entries(files).map(([name, text]): FileDeclaration => ({
          target: `/app/config/${name}`,
          content: { kind: "text", text },
        })),
        // Its own endpoint for this, by an address that is always allowed.
        health: {
          test: ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:3000/api/healthcheck"],
        },
        limits: { memory: "256MiB", cpus: 0.5 },
        capabilities: ["SETGID", "SETUID"],
        logs: { maxSize: "5MiB", maxFiles: 3 },
        requires: [reachedThrough(proxy)],
        category: "tools",
        watchUpdates: true,
        routes: [route],
      },
    ],
    volumes: [],
  });
}
