import { stringify } from "yaml";
import type { ServiceDeclaration } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";

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

/**
 * Every metrics endpoint of a host's services, as vmagent on the Docker VM reaches it: by name
 * where they share a network, else by a port published to the outside.
 *
 * @param networks networks that vmagent has joined on the Docker VM
 * @throws Error when an endpoint can be reached in neither way
 */
export function scrapeTargets(
  site: Site,
  host: HostName,
  services: readonly ServiceDeclaration[],
  networks: readonly string[],
): ScrapeTarget[] {
  return services.flatMap((service) =>
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
  service: ServiceDeclaration,
  port: number,
  networks: readonly string[],
): string {
  const neighbour =
    host === "docker-vm" && service.networks.some(({ name }) => networks.includes(name));
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
  const address = host === "docker-vm" ? "host.docker.internal" : site.hosts[host].mesh;
  return `${address}:${published.host}`;
}

/** The node exporters of the hosts that have one. */
export function nodeTargets(site: Site): ScrapeTarget[] {
  const exporters = { "docker-vm": "host.docker.internal", nas: site.hosts.nas.mesh } as const;
  return (["docker-vm", "nas"] as const).map((host) => ({
    job: `node-${host}`,
    address: `${exporters[host]}:${NODE_EXPORTER_PORT}`,
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
