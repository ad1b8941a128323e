import { resticSidecar, resticState } from "../backup/restic-sidecar.plan.ts";
import type { AppPlan, FileDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { CADDY_CONTAINER, CADDY_MOUNTS } from "./caddy-container.plan.ts";
import { caddyfile, CLOUDFLARE_TOKEN_FILE } from "./caddyfile.plan.ts";
import type { ProxiedSite } from "./routes.plan.ts";
import { VOUCHED_NETWORK } from "./vouched-network.plan.ts";
import { CADDY_CLOUDFLARE_2_11_IMAGE } from "./caddy.image.ts";
import { RESTIC_0_16_IMAGE } from "../backup/restic.image.ts";
import { app } from "../../model/app.ts";

/** What Caddy has to know beside the site. */
export interface CaddyArgs {
  /** Sites it serves, from `proxiedSites(site, DOCKER_VM_PROXY, hosts)`. */
  readonly sites: readonly ProxiedSite[];
}

/** The Docker VM's Caddy, for `proxiedSites`. */
export const DOCKER_VM_PROXY = {
  host: "docker-vm",
  // Home Assistant and the media apps too: through ports of the host it would not reach them,
  // because some listen on the loopback only.
  networks: ["caddy-net", "security-net", "media-net", "automation-net", VOUCHED_NETWORK.name],
} as const;

const STACK = "networking/caddy";

/**
 * Caddy on the Docker VM: HTTPS for every name of the home, and the nightly copy of certificates.
 *
 * It dials Authelia, Home Assistant and the media apps when a visitor comes, and says so in its
 * answer when one is away. That is no requirement here: Authelia and others wait for Caddy.
 */
export const caddy = app(
  {
    type: "homelab:networking:Caddy",
    services: {
      /** The proxy; healthy once its configuration is loaded and port 443 is open. */
      proxy: "caddy",
      /** Copies certificates and the ACME account each night. */
      backup: "caddy-backup",
    },
    images: [CADDY_CLOUDFLARE_2_11_IMAGE, RESTIC_0_16_IMAGE],
  },
  caddyPlan,
);

function caddyPlan(site: Site, args: CaddyArgs): AppPlan {
  const issuer = site.certificates["docker-vm"];
  return {
    services: [
      {
        name: "caddy",
        stack: STACK,
        // Caddy with the module for Cloudflare's DNS, published ready, so it can be pinned.
        image: CADDY_CLOUDFLARE_2_11_IMAGE.reference,
        ...CADDY_CONTAINER,
        env: { TZ: site.timezone },
        networks: DOCKER_VM_PROXY.networks.map((name) => ({
          name,
          ...(name === VOUCHED_NETWORK.name && { address: VOUCHED_NETWORK.caddy }),
        })),
        mounts: [...CADDY_MOUNTS, { kind: "tmpfs", target: "/tmp", size: "64MiB" }],
        files: [
          {
            target: "/etc/caddy/Caddyfile",
            content: {
              kind: "text",
              text: caddyfile({ issuer, sites: args.sites, authelia: "authelia:9091" }),
            },
          },
          ...(issuer.issuer === "cloudflare" ? [cloudflareToken()] : []),
        ],
        readOnlyRoot: true,
        probes: [
          {
            // Not the domain's own page, which the VPS serves.
            name: "Caddy (Docker VM)",
            kind: "tcp",
            target: "{mesh:docker-vm}:443",
            interval: "60s",
            tier: "critical",
          },
        ],
      },
      resticSidecar(site, {
        name: "caddy-backup",
        stack: STACK,
        networks: ["caddy-net"],
        repository: "caddy",
        schedule: "15 2 * * *",
        data: [
          { volume: "caddy-data", target: "/data/caddy-data" },
          { volume: "caddy-config", target: "/data/caddy-config" },
          // Settings of apps that have no sidecar of their own.
          { volume: "grafana-data", target: "/data/grafana" },
          { volume: "jellyfin-config", target: "/data/jellyfin" },
          { volume: "prowlarr-config", target: "/data/prowlarr" },
          { volume: "qbittorrent-config", target: "/data/qbittorrent" },
          { volume: "sonarr-config", target: "/data/sonarr" },
          { volume: "radarr-config", target: "/data/radarr" },
        ],
        // Posters and logs come back by themselves.
        excludes: ["MediaCover", "/data/jellyfin/log", "/data/jellyfin/data/metadata"],
        sqlite: [
          "/data/grafana/grafana.db",
          "/data/jellyfin/data/jellyfin.db",
          "/data/jellyfin/data/library.db",
          "/data/prowlarr/prowlarr.db",
          "/data/sonarr/sonarr.db",
          "/data/radarr/radarr.db",
        ],
      }),
    ],
    volumes: [{ name: "caddy-data" }, { name: "caddy-config" }, resticState("caddy-backup")],
  };
}

function cloudflareToken(): FileDeclaration {
  return {
    target: CLOUDFLARE_TOKEN_FILE,
    content: { kind: "secret", secret: "cloudflare-api-token" },
    owner: "0:0",
  };
}
