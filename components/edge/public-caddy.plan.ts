import type { Requirement } from "../../model/declaration.ts";
import { hostWith, titleOf } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { CADDY_CONTAINER, CADDY_MOUNTS } from "./caddy-container.plan.ts";
import { caddyfile } from "./caddyfile.plan.ts";
import type { ProxiedSite, ReverseProxy } from "./routes.plan.ts";
import { CADDY_2_8_IMAGE } from "./caddy.image.ts";
import { app } from "../../model/app.ts";

/** What the VPS's Caddy has to know beside the site. */
export interface PublicCaddyArgs {
  /** What it can dial into. */
  readonly proxy: ReverseProxy;
  /** Sites it serves, from `proxiedSites(site, proxy, hosts)`. */
  readonly sites: readonly ProxiedSite[];
}

const AFTER_HEADSCALE: Requirement = {
  on: "headscale",
  condition: "started",
  strength: "hard",
  why: "its clients come in through Caddy",
};

/** Folder in the container with the pages of the domain itself. */
const PAGES = "/srv/www";

/**
 * Caddy on the VPS: HTTPS for what the internet may reach. Its sites come from the routes of all
 * services; it comes after AdGuard.
 */
export function publicCaddy(site: Site, args: PublicCaddyArgs) {
  const issuer = site.certificates[hostWith("coordinator")];
  return app({
    type: "homelab:networking:PublicCaddy",
    exposes: {
      /** The proxy; healthy once its configuration is loaded and port 443 is open. */
      proxy: "caddy",
    },
    images: [CADDY_2_8_IMAGE],
    services: [
      {
        name: "caddy",
        stack: "networking/caddy",
        image: CADDY_2_8_IMAGE.reference,
        ...CADDY_CONTAINER,
        env: { TZ: site.timezone },
        networks: args.proxy.networks.map((name) => ({ name })),
        mounts: CADDY_MOUNTS,
        files: [
          {
            target: "/etc/caddy/Caddyfile",
            content: {
              kind: "text",
              text: `${caddyfile({ issuer, sites: args.sites })}\n${ownPage(site)}`,
            },
          },
          {
            target: `${PAGES}/index.html`,
            content: { kind: "text", text: page(site.domain) },
          },
        ],
        requires: [
          ...(site.mesh.coordinator === "headscale" ? [AFTER_HEADSCALE] : []),
          {
            on: "adguard",
            condition: "healthy",
            // A node enrols through Caddy, and AdGuard waits for the mesh: waiting without an end
            // would keep a new machine out of its own mesh.
            strength: "soft",
            limit: "60s",
            why: "resolves the certificate authority's name",
          },
        ],
        probes: [
          {
            name: `Caddy (${titleOf(hostWith("coordinator"))})`,
            kind: "tcp",
            target: "{mesh}:443",
            interval: "60s",
            tier: "critical",
          },
          {
            name: "Own page",
            kind: "http",
            target: "https://{domain}",
            interval: "900s",
            tier: "critical",
          },
        ],
      },
    ],
    volumes: [
      { name: "caddy-data", copied: { at: "/data/caddy" } },
      { name: "caddy-config", notCopied: "what Caddy read last from its declared configuration" },
    ],
  });
}

function ownPage(site: Site): string {
  return `${site.domain} {\n\timport security-headers\n\troot * ${PAGES}\n\tfile_server\n}\n`;
}

function page(domain: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${domain}</title>
  </head>
  <body>
    <h1>${domain}</h1>
  </body>
</html>
`;
}
