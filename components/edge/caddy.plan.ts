import { copiedVolumes } from "../backup/copied-volumes.plan.ts";
import { RESTIC_SECRETS, resticSidecar, resticState } from "../backup/restic-sidecar.plan.ts";
import type { FileDeclaration, VolumeDeclaration } from "../../model/declaration.ts";
import { hostWith, titleOf } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { CADDY_CONTAINER, CADDY_MOUNTS } from "./caddy-container.plan.ts";
import { caddyfile, CLOUDFLARE_TOKEN_FILE } from "./caddyfile.plan.ts";
import type { ProxiedSite, ReverseProxy } from "./routes.plan.ts";
import { VOUCHED_NETWORK } from "./vouched-network.plan.ts";
import { CADDY_CLOUDFLARE_2_11_IMAGE } from "./caddy.image.ts";
import { RESTIC_0_16_IMAGE } from "../backup/restic.image.ts";
import { app } from "../../model/app.ts";
import { person, type Secrets } from "../../model/secrets.ts";

/** What Caddy has to know beside the site. */
export interface CaddyArgs {
  /** What it can dial into, from `homeProxy`. */
  readonly proxy: ReverseProxy;
  /** Sites it serves, from `proxiedSites(site, proxy, hosts)`. */
  readonly sites: readonly ProxiedSite[];
  /** Volumes of its host: its job copies those that say how, for apps that have no job. */
  readonly volumes: readonly VolumeDeclaration[];
}

/**
 * The Docker VM's Caddy, as the routes know it.
 * @param networks that it dials into beside its own
 * @param authelia whether there is one to ask
 */
export function homeProxy(networks: readonly string[], authelia: boolean): ReverseProxy {
  return {
    host: hostWith("home"),
    networks: [NETWORK, ...networks, VOUCHED_NETWORK.name],
    ...(authelia && { authelia: "authelia:9091" }),
  };
}

const STACK = "networking/caddy";
/** Network of what people open through it. */
const NETWORK = "caddy-net";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  ...RESTIC_SECRETS,
  "cloudflare-api-token": person(
    "lets Caddy prove the domain by DNS; needed when the certificate issuer is cloudflare",
    "a token with the rights Zone.Zone:Read and Zone.DNS:Edit",
  ),
};

/**
 * Caddy on the Docker VM: HTTPS for every name of the home, and the nightly copy of certificates.
 *
 * It dials Authelia, Home Assistant and the media apps when a visitor comes, and says so in its
 * answer when one is away. That is no requirement here: Authelia and others wait for Caddy.
 */
export function caddy(site: Site, args: CaddyArgs) {
  const issuer = site.certificates[hostWith("home")];
  const others = copiedVolumes(args.volumes);
  const { authelia: asked } = args.proxy;
  const authelia = asked === undefined ? {} : { authelia: asked };
  return app({
    type: "homelab:networking:Caddy",
    exposes: {
      /** The proxy; healthy once its configuration is loaded and port 443 is open. */
      proxy: "caddy",
      /** Copies certificates and the ACME account each night. */
      backup: "caddy-backup",
    },
    images: [CADDY_CLOUDFLARE_2_11_IMAGE, RESTIC_0_16_IMAGE],
    networks: [
      { name: NETWORK },
      {
        name: VOUCHED_NETWORK.name,
        subnet: VOUCHED_NETWORK.subnet,
        gateway: VOUCHED_NETWORK.gateway,
      },
    ],
    services: [
      {
        name: "caddy",
        stack: STACK,
        // Caddy with the module for Cloudflare's DNS, published ready, so it can be pinned.
        image: CADDY_CLOUDFLARE_2_11_IMAGE.reference,
        ...CADDY_CONTAINER,
        env: { TZ: site.timezone },
        networks: args.proxy.networks.map((name) => ({
          name,
          ...(name === VOUCHED_NETWORK.name && { address: VOUCHED_NETWORK.caddy }),
        })),
        mounts: [...CADDY_MOUNTS, { kind: "tmpfs", target: "/tmp", size: "64MiB" }],
        files: [
          {
            target: "/etc/caddy/Caddyfile",
            content: {
              kind: "text",
              text: caddyfile({ issuer, sites: args.sites, ...authelia }),
            },
          },
          ...(issuer.issuer === "cloudflare" ? [cloudflareToken()] : []),
        ],
        readOnlyRoot: true,
        probes: [
          {
            // Not the domain's own page, which the VPS serves.
            name: `Caddy (${titleOf(hostWith("home"))})`,
            kind: "tcp",
            target: "{mesh}:443",
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
          ...others.data,
        ],
        excludes: others.excludes,
        sqlite: others.sqlite,
      }),
    ],
    secrets: SECRETS,
    volumes: [{ name: "caddy-data" }, { name: "caddy-config" }, resticState("caddy-backup")],
  });
}

function cloudflareToken(): FileDeclaration {
  return {
    target: CLOUDFLARE_TOKEN_FILE,
    content: { kind: "secret", secret: "cloudflare-api-token" },
    owner: "0:0",
  };
}
