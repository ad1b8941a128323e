import type { DeclaredApp } from "../../model/app.ts";
import type { Requirement, VolumeDeclaration } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { CertificateIssuer, Site } from "../../model/site.ts";
import type { ProxiedSite, ProxyPlace, ReachedAt } from "./routes.plan.ts";
import { VOUCHED_NETWORK } from "./vouched-network.plan.ts";

/**
 * A reverse proxy as everybody else knows it. Nobody but its own files knows more.
 *
 * It serves each of its sites over HTTPS at port 443, sends who comes to port 80 there, passes the
 * name that was asked for on to the app, and WebSockets with it. `X-Forwarded-For` it writes anew,
 * as apps believe it.
 */
export interface ReverseProxy {
  /** What people call it, e.g. "Caddy". */
  readonly title: string;
  /** Name of its container, and of its app in the household, e.g. "caddy". */
  readonly service: string;
  /** Volume that holds its certificates, e.g. "caddy-data". */
  readonly certificates: string;
  /** Who may sign its certificates. */
  readonly issuers: readonly CertificateIssuer["issuer"][];
  /**
   * Path in its container of the root certificate with which it signs by itself (issuer
   * "internal"), as PEM.
   */
  readonly authority: string;
  /** The app that makes it: its container with the sites it serves. */
  readonly app: (site: Site, args: ProxyArgs) => DeclaredApp;
}

/**
 * The reverse proxy of the host at home. Its app has its network and VOUCHED_NETWORK, on which it
 * tells who is there, and copies the volumes of its host that no other job copies.
 *
 * A site that asks for it lets in only whom Authelia knows; who it is stands in IDENTITY_HEADERS
 * then, which it drops from what visitors send.
 */
export interface HomeProxy extends ReverseProxy {
  /** Network of its own, which the apps join that people open through it. */
  readonly network: string;
}

/** What a proxy has to know beside the site. */
export interface ProxyArgs {
  /** Where it runs, and what it can dial into. */
  readonly place: ProxyPlace;
  /** Sites it serves, from `proxiedSites(site, place, hosts)`. */
  readonly sites: readonly ProxiedSite[];
  /** Volumes of its host. */
  readonly volumes: readonly VolumeDeclaration[];
}

/** Where people reach an app, and through which proxy of its host. */
export interface ReachedThrough extends ReachedAt {
  /** The proxy of its host, from `household/proxies.ts`. */
  readonly proxy: HomeProxy;
}

/** What a service waits for that people open through a proxy of its host, and that runs without it. */
export function reachedThrough(proxy: ReverseProxy): Requirement {
  return {
    on: proxy.service,
    condition: "started",
    strength: "soft",
    why: "is reached through it",
  };
}

/**
 * The proxy of the host at home, where it runs.
 * @param networks that it dials into beside its own
 * @param authelia whether there is one to ask
 */
export function placeAtHome(
  proxy: HomeProxy,
  networks: readonly string[],
  authelia: boolean,
): ProxyPlace {
  return {
    host: hostWith("home"),
    networks: [proxy.network, ...networks, VOUCHED_NETWORK.name],
    ...(authelia && { authelia: "authelia:9091" }),
  };
}

/**
 * Addresses from which every proxy comes to the apps of its host: those that the engine gives to
 * its networks.
 */
export const PROXY_ADDRESSES = "172.16.0.0/12";

/** Prints, on its host, the root certificate with which a proxy signs by itself. */
export function showAuthority({ service, authority }: ReverseProxy): string {
  return `docker exec ${service} cat ${authority}`;
}
