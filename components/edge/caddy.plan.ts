import type { FileDeclaration } from "../../model/declared-files.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import {
  CADDY_AUTHORITY,
  CADDY_CONTAINER,
  CADDY_DATA,
  CADDY_MOUNTS,
} from "./caddy-container.plan.ts";
import { caddyfile, CLOUDFLARE_TOKEN_FILE } from "./caddyfile.plan.ts";
import { homeProxyBackup, homeProxyJob, homeProxyNetworks } from "./home-proxy.plan.ts";
import type { HomeProxy, ProxyArgs } from "./proxy.plan.ts";
import { proxyAttachments, proxyProbe, proxyStack } from "./proxy-service.plan.ts";
import { CADDY_CLOUDFLARE_2_11_IMAGE } from "./caddy.image.ts";
import { app } from "../../model/app.ts";
import { person, type Secrets } from "../../model/secrets.ts";

/** Caddy on the host at home. */
export const CADDY: HomeProxy = {
  title: "Caddy",
  service: "caddy",
  network: "caddy-net",
  certificates: CADDY_DATA,
  issuers: ["cloudflare", "acme", "internal"],
  authority: CADDY_AUTHORITY,
  app: caddy,
};

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
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
export function caddy(site: Site, { place, sites, volumes }: ProxyArgs) {
  const issuer = site.certificates[hostWith("home")];
  const { authelia: asked } = place;
  const authelia = asked === undefined ? {} : { authelia: asked };
  return app({
    type: "homelab:networking:Caddy",
    exposes: {
      /** The proxy; healthy once its configuration is loaded and port 443 is open. */
      proxy: CADDY.service,
      /** Copies certificates and the ACME account each night. */
      backup: homeProxyJob(CADDY),
    },
    images: [CADDY_CLOUDFLARE_2_11_IMAGE],
    networks: homeProxyNetworks(CADDY),
    services: [
      {
        name: CADDY.service,
        stack: proxyStack(CADDY),
        // Caddy with the module for Cloudflare's DNS, published ready, so it can be pinned.
        image: CADDY_CLOUDFLARE_2_11_IMAGE.reference,
        ...CADDY_CONTAINER,
        env: { TZ: site.timezone },
        networks: proxyAttachments(place),
        mounts: [...CADDY_MOUNTS, { kind: "tmpfs", target: "/tmp", size: "64MiB" }],
        files: [
          {
            target: "/etc/caddy/Caddyfile",
            content: { kind: "text", text: caddyfile({ issuer, sites, ...authelia }) },
          },
          ...(issuer.issuer === "cloudflare" ? [cloudflareToken()] : []),
        ],
        readOnlyRoot: true,
        probes: [proxyProbe(CADDY, hostWith("home"))],
      },
    ],
    jobs: [homeProxyBackup(CADDY, [CADDY_DATA, "caddy-config"], volumes)],
    secrets: SECRETS,
    volumes: [{ name: CADDY_DATA }, { name: "caddy-config" }],
  });
}

function cloudflareToken(): FileDeclaration {
  return {
    target: CLOUDFLARE_TOKEN_FILE,
    content: { kind: "secret", secret: "cloudflare-api-token" },
    owner: "0:0",
  };
}
