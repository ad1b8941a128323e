import type { CertificateIssuer } from "../../model/site.ts";
import type { ProxiedSite } from "./routes.plan.ts";
import { IDENTITY_HEADERS } from "./vouched-network.plan.ts";

/** What a Caddyfile is made from. */
export interface CaddyfileArgs {
  /** Who signs the certificates. */
  readonly issuer: CertificateIssuer;
  readonly sites: readonly ProxiedSite[];
  /**
   * Where Caddy asks whether a visitor may pass, "host:port".
   * @default no such check; a site that asks for one is then an error
   */
  readonly authelia?: string;
}

/** Caddy's admin endpoint; inside the container only. */
export const CADDY_ADMIN = "127.0.0.1:2019";

/** Where Caddy reads the token from; only with the issuer "cloudflare". */
export const CLOUDFLARE_TOKEN_FILE = "/run/secrets/cloudflare-api-token";

/** Headers by which Authelia tells a service who is there. */
const IDENTITY = Object.values(IDENTITY_HEADERS);

/** The text of a Caddyfile that serves the given sites over HTTPS and redirects port 80 there. */
export function caddyfile(args: CaddyfileArgs): string {
  const unchecked = args.sites.find((site) => site.auth && args.authelia === undefined);
  if (unchecked) throw new Error(`${unchecked.name} asks for Authelia, which this Caddy has not`);
  return [
    block("", globalOptions(args.issuer)),
    block("(security-headers)", securityHeaders()),
    ...(args.authelia === undefined ? [] : [block("(authelia)", forwardAuth(args.authelia))]),
    // Names that Caddy does not serve get the same answer as those it does.
    block(":80", ["redir https://{host}{uri} permanent"]),
    ...args.sites.map((site) => block(site.name, siteLines(site))),
  ].join("\n");
}

function globalOptions(issuer: CertificateIssuer): string[] {
  return [
    `admin ${CADDY_ADMIN}`,
    // Without it a stop waits for visitors who keep their connection open.
    "grace_period 5s",
    ...issuerOptions(issuer),
  ];
}

function issuerOptions(issuer: CertificateIssuer): string[] {
  switch (issuer.issuer) {
    case "cloudflare":
      // {file.*} reads a file when the configuration is loaded (caddyserver.com, conventions), so
      // that the token stands neither here nor in an environment variable.
      return [`email ${issuer.email}`, `acme_dns cloudflare {file.${CLOUDFLARE_TOKEN_FILE}}`];
    case "acme":
      return [`email ${issuer.email}`];
    case "internal":
      return ["local_certs", "skip_install_trust"];
  }
}

function securityHeaders(): string[] {
  return nested("header", [
    'Strict-Transport-Security "max-age=31536000"',
    'X-Frame-Options "SAMEORIGIN"',
    'X-Content-Type-Options "nosniff"',
    'Referrer-Policy "strict-origin-when-cross-origin"',
    "-Server",
  ]);
}

function forwardAuth(authelia: string): string[] {
  // A route keeps its order. What a visitor claims to be is dropped before Authelia is asked:
  // Caddy passes a claimed header on where Authelia's answer does not name it.
  return nested("route", [
    ...IDENTITY.map((header) => `request_header -${header}`),
    ...nested(`forward_auth ${authelia}`, [
      "uri /api/authz/forward-auth",
      `copy_headers ${IDENTITY.join(" ")}`,
    ]),
  ]);
}

function siteLines(site: ProxiedSite): string[] {
  return [
    "import security-headers",
    ...(site.accessLog ? accessLog(site.name) : []),
    ...(site.auth ? ["import authelia"] : []),
    ...reverseProxy(site),
  ];
}

function accessLog(name: string): string[] {
  return nested(
    "log",
    nested(`output file /data/logs/${name}.log`, ["roll_size 10MiB", "roll_keep 5"]),
  );
}

function reverseProxy(site: ProxiedSite): string[] {
  if (site.scheme === "http") return [`reverse_proxy ${site.upstream}`];
  return nested(`reverse_proxy https://${site.upstream}`, [
    // Since 2.11 Caddy names the container instead of the site to an upstream with TLS.
    "header_up Host {host}",
    // Containers sign their own certificates; nobody else is on the network between them.
    ...nested("transport http", ["tls_insecure_skip_verify"]),
  ]);
}

function nested(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `\t${line}`), "}"];
}

function block(head: string, lines: readonly string[]): string {
  return `${nested(head, lines).join("\n").trimStart()}\n`;
}
