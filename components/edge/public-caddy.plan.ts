import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import {
  CADDY_AUTHORITY,
  CADDY_CONTAINER,
  CADDY_DATA,
  CADDY_MOUNTS,
} from "./caddy-container.plan.ts";
import { caddyfile } from "./caddyfile.plan.ts";
import type { ProxyArgs, ReverseProxy } from "./proxy.plan.ts";
import { proxyAttachments, proxyProbe, proxyStack } from "./proxy-service.plan.ts";
import { OWN_PAGE_PROBE, ownPage, publicProxyRequires } from "./public-proxy.plan.ts";
import { CADDY_2_8_IMAGE } from "./caddy.image.ts";
import { app } from "../../model/app.ts";

/** Caddy on the coordinator: the plain one, without a module for any provider's DNS. */
export const PUBLIC_CADDY: ReverseProxy = {
  title: "Caddy",
  service: "caddy",
  certificates: CADDY_DATA,
  issuers: ["acme", "internal"],
  authority: CADDY_AUTHORITY,
  app: publicCaddy,
};

/** Folder in the container with the pages of the domain itself. */
const PAGES = "/srv/www";

/**
 * Caddy on the VPS: HTTPS for what the internet may reach. Its sites come from the routes of all
 * services; it comes after AdGuard.
 */
export function publicCaddy(site: Site, { place, sites }: ProxyArgs) {
  const issuer = site.certificates[hostWith("coordinator")];
  return app({
    type: "homelab:networking:PublicCaddy",
    exposes: {
      /** The proxy; healthy once its configuration is loaded and port 443 is open. */
      proxy: PUBLIC_CADDY.service,
    },
    images: [CADDY_2_8_IMAGE],
    services: [
      {
        name: PUBLIC_CADDY.service,
        stack: proxyStack(PUBLIC_CADDY),
        image: CADDY_2_8_IMAGE.reference,
        ...CADDY_CONTAINER,
        env: { TZ: site.timezone },
        networks: proxyAttachments(place),
        mounts: CADDY_MOUNTS,
        files: [
          {
            target: "/etc/caddy/Caddyfile",
            content: {
              kind: "text",
              text: `${caddyfile({ issuer, sites })}\n${ownSite(site)}`,
            },
          },
          {
            target: `${PAGES}/index.html`,
            content: { kind: "text", text: ownPage(site.domain) },
          },
        ],
        requires: publicProxyRequires(site, PUBLIC_CADDY),
        probes: [proxyProbe(PUBLIC_CADDY, hostWith("coordinator")), OWN_PAGE_PROBE],
      },
    ],
    volumes: [
      { name: CADDY_DATA, copied: { at: "/data/caddy" } },
      { name: "caddy-config", notCopied: "what Caddy read last from its declared configuration" },
    ],
  });
}

function ownSite(site: Site): string {
  return `${site.domain} {\n\timport security-headers\n\troot * ${PAGES}\n\tfile_server\n}\n`;
}
