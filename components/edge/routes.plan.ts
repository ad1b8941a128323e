import type { AppService, HostDeclaration } from "../../model/declaration.ts";
import type { ExternalUnitDeclaration } from "../../model/declared-machine.ts";
import type { RouteDeclaration } from "../../model/declared-uses.ts";
import { UserError } from "../../model/errors.ts";
import { hasRole, hostWith, type HostName } from "../../model/host-names.ts";
import { httpsPort } from "../../model/https-port.ts";
import type { Site } from "../../model/site.ts";

/** The part of a host that routes are made from. */
export interface RoutedHost {
  readonly host: HostName;
  readonly services: readonly AppService[];
  readonly externals?: readonly Pick<ExternalUnitDeclaration, "sites">[];
}

/** Where people reach an app. */
export interface ReachedAt {
  /** Name below the site's domain, e.g. "photos". @default the app's own name */
  readonly at?: string;
}

/** Where a reverse proxy runs, and which networks it can dial into. */
export interface ProxyPlace {
  readonly host: HostName;
  /** Networks of its host that it joins. */
  readonly networks: readonly string[];
  /** Where it asks whether a visitor may pass, "host:port". @default it cannot ask anybody */
  readonly authelia?: string;
}

/** A site as a reverse proxy serves it. */
export interface ProxiedSite {
  /** Full name, e.g. "vault.cronova.dev". */
  readonly name: string;
  /** Where it is dialled, e.g. "vaultwarden:80". */
  readonly upstream: string;
  readonly scheme: "http" | "https";
  /** Asks Authelia first. */
  readonly auth: boolean;
  readonly accessLog: boolean;
}

/** A route with the service and the host that declare it. */
export interface RouteSource {
  readonly host: HostName;
  readonly service: AppService;
  readonly route: RouteDeclaration;
}

/** All routes of the given hosts, in declaration order. */
export function routesOf(hosts: readonly RoutedHost[]): RouteSource[] {
  return hosts.flatMap(({ host, services }) =>
    services.flatMap((service) =>
      (service.routes ?? []).map((route) => ({ host, service, route })),
    ),
  );
}

/** Names below the domain that lead to what is no container of this program, each with its host. */
export function otherNames(hosts: readonly RoutedHost[]): (readonly [string, HostName])[] {
  return hosts.flatMap(({ host, externals = [] }) =>
    externals.flatMap(({ sites = [] }) => sites.map((name) => [name, host] as const)),
  );
}

/** Full name of a route's site, e.g. "vault.cronova.dev", or the domain itself. */
export function siteName(site: Site, route: RouteDeclaration): string {
  return route.name === "" ? site.domain : `${route.name}.${site.domain}`;
}

/** The host whose reverse proxy serves a route. */
export function servedBy({ host, route }: RouteSource): HostName {
  // Other hosts at home have no proxy; where one has a proxy all the same, the route says so.
  return route.via ?? (hasRole(host, "coordinator") ? host : hostWith("home"));
}

/**
 * The sites that one reverse proxy serves. Services of its own host are dialled by container name
 * over a network they share, those of another host by that host's address and published port.
 * @throws UserError HL-ROUTES that lists every route that cannot be dialled or has a taken name
 */
export function proxiedSites(
  site: Site,
  proxy: ProxyPlace,
  hosts: readonly RoutedHost[],
): ProxiedSite[] {
  const mistakes = takenNames(site, hosts);
  const unvouched: RouteSource[] = [];
  const sites = routesOf(hosts)
    .filter((source) => servedBy(source) === proxy.host)
    .flatMap((source) => {
      const dialled = upstreamOf(site, proxy, source);
      if ("problem" in dialled) {
        mistakes.push(`${siteName(site, source.route)}: ${dialled.problem}`);
        return [];
      }
      const { route } = source;
      if (route.auth && proxy.authelia === undefined) unvouched.push(source);
      return [
        {
          name: siteName(site, route),
          upstream: dialled.upstream,
          scheme: route.scheme ?? "http",
          auth: route.auth ?? false,
          accessLog: route.accessLog ?? false,
        },
      ];
    });
  if (unvouched.length > 0) {
    mistakes.push(
      `${proxy.host} has no Authelia, and these let in only whom it knows: ${listed(site, unvouched)}`,
    );
  }
  if (mistakes.length > 0) {
    throw new UserError(
      "HL-ROUTES",
      `the reverse proxy of ${proxy.host} cannot serve these sites; nothing was changed:\n` +
        mistakes.map((mistake) => `  ${mistake}`).join("\n"),
    );
  }
  return sites;
}

/**
 * Sites that no reverse proxy serves, a line for each host that would have to. A host serves where
 * something of it listens for HTTPS, or where an installer of its own brought a proxy.
 */
export function unservedSites(site: Site, hosts: readonly HostDeclaration[]): string[] {
  const serving = hosts.filter(
    ({ services, externals = [] }) =>
      externals.length > 0 || services.some((service) => httpsPort(service) !== undefined),
  );
  const unserved = routesOf(hosts).filter(
    (source) => !serving.some(({ host }) => host === servedBy(source)),
  );
  return [...new Set(unserved.map(servedBy))].map((proxy) => {
    const sources = unserved.filter((source) => servedBy(source) === proxy);
    return `${proxy} has no reverse proxy, and these are reached through one: ${listed(site, sources)}`;
  });
}

/** Who asks for sites, with their names. */
function listed(site: Site, sources: readonly RouteSource[]): string {
  return sources
    .map(({ host, service, route }) => `${host}/${service.name} (${siteName(site, route)})`)
    .join(", ");
}

/** Names of the sites that ask Authelia first, on whichever proxy. */
export function protectedNames(site: Site, hosts: readonly RoutedHost[]): string[] {
  return routesOf(hosts)
    .filter(({ route }) => route.auth)
    .map(({ route }) => siteName(site, route));
}

function takenNames(site: Site, hosts: readonly RoutedHost[]): string[] {
  const owners = new Map<string, string>();
  return routesOf(hosts).flatMap(({ host, service, route }) => {
    const name = siteName(site, route);
    const owner = owners.get(name);
    owners.set(name, owner ?? `${host}/${service.name}`);
    return owner
      ? [`${name}: asked for by ${owner} and by ${host}/${service.name}; rename one route`]
      : [];
  });
}

function upstreamOf(
  site: Site,
  proxy: ProxyPlace,
  { host, service, route }: RouteSource,
): { readonly upstream: string } | { readonly problem: string } {
  if (host === proxy.host) {
    const shared = service.networks.some(({ name }) => proxy.networks.includes(name));
    if (shared) return { upstream: `${service.name}:${route.port}` };
    const theirs = service.networks.map(({ name }) => name).join(", ");
    return {
      problem:
        `${service.name} is on ${theirs}, the proxy on ${proxy.networks.join(", ")}; ` +
        "let one of them join a network of the other",
    };
  }
  // A port on the loopback is not reachable from another host.
  const address = site.hosts[host].lan;
  const port = (service.ports ?? []).find(
    ({ container, protocol, bind }) =>
      container === route.port && protocol === "tcp" && (bind === "0.0.0.0" || bind === address),
  );
  if (port) return { upstream: `${address}:${port.host}` };
  return {
    problem:
      `${host}/${service.name} publishes no port for ${route.port}/tcp on ${address}; ` +
      `publish it or let the route go through another host`,
  };
}
