import { stringify } from "yaml";
import type { AppService } from "../../model/declaration.ts";
import { hostsAtHome, hostWith, type HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import type { RoutedHost } from "../edge/routes.plan.ts";

/** A metrics endpoint as vmagent reaches it. */
export interface ScrapeTarget {
  readonly job: string;
  /** host:port */
  readonly address: string;
  readonly path: string;
  /** Label `host` of its metrics. */
  readonly host: HostName;
}

/** Port of the node exporter, a service of the hosts themselves. */
const NODE_EXPORTER_PORT = 9100;

/** Host that vmagent runs on. */
const HOME: HostName = hostWith("home");

/**
 * Every metrics endpoint of the hosts' services, as vmagent on the Docker VM reaches it: by name
 * where they share a network, else by a port published to the outside. Its own host comes first,
 * and there what it has on its own network.
 *
 * @param networks networks that vmagent has joined on the Docker VM, its own first
 * @throws Error when an endpoint can be reached in neither way
 */
export function scrapeTargets(
  site: Site,
  hosts: readonly RoutedHost[],
  networks: readonly string[],
): ScrapeTarget[] {
  const [own] = networks;
  const far = ({ host, service }: { host: HostName; service: AppService }) =>
    host !== HOME ? 2 : service.networks.some(({ name }) => name === own) ? 0 : 1;
  return hosts
    .flatMap(({ host, services }) => services.map((service) => ({ host, service })))
    .toSorted((a, b) => far(a) - far(b))
    .flatMap(({ host, service }) =>
      (service.scrapes ?? []).map((scrape) => ({
        job: scrape.job,
        address: addressOf(site, host, service, scrape.port, networks),
        path: scrape.path ?? "/metrics",
        host,
      })),
    );
}

function addressOf(
  site: Site,
  host: HostName,
  service: AppService,
  port: number,
  networks: readonly string[],
): string {
  const neighbour = host === HOME && service.networks.some(({ name }) => networks.includes(name));
  if (neighbour) return `${service.name}:${port}`;
  const published = (service.ports ?? []).find(
    ({ bind, container, protocol }) =>
      container === port && protocol === "tcp" && !bind.startsWith("127."),
  );
  if (!published) {
    throw new Error(
      `vmagent cannot reach port ${port} of "${service.name}" on ${host}: ` +
        "they share no network and the port is published on no outer address",
    );
  }
  return `${addressSeenFromHome(site, host)}:${published.host}`;
}

/** Address of a host as a container of vmagent's host reaches it. */
function addressSeenFromHome(site: Site, host: HostName): string {
  return host === HOME ? "host.docker.internal" : site.hosts[host].mesh;
}

/** The node exporters of the hosts at home, that of vmagent's own host first. */
export function nodeTargets(site: Site): ScrapeTarget[] {
  const others = hostsAtHome().filter((host) => host !== HOME);
  return [HOME, ...others].map((host) => ({
    job: `node-${host}`,
    address: `${addressSeenFromHome(site, host)}:${NODE_EXPORTER_PORT}`,
    path: "/metrics",
    host,
  }));
}

/**
 * vmagent's configuration: one job per endpoint, read every 30 seconds.
 *
 * @param bearerFiles job to the file in the container that holds its token
 */
export function scrapeConfig(
  targets: readonly ScrapeTarget[],
  bearerFiles: Readonly<Record<string, string>>,
): string {
  return stringify({
    global: { scrape_interval: "30s" },
    scrape_configs: targets.map((target) => ({
      job_name: target.job,
      ...(target.path === "/metrics" ? {} : { metrics_path: target.path }),
      ...(Object.hasOwn(bearerFiles, target.job)
        ? { authorization: { type: "Bearer", credentials_file: bearerFiles[target.job] } }
        : {}),
      static_configs: [{ targets: [target.address], labels: { host: target.host } }],
    })),
  });
}
