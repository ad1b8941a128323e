import type { HostDeclaration, ProbeDeclaration } from "../../model/declaration.ts";
import { isHostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { toSeconds } from "../../model/units.ts";

/** What the monitors are made from. */
export type ProbedHost = Pick<HostDeclaration, "host" | "services" | "externals">;

/** One monitor, in the words of Uptime Kuma. */
export interface UptimeMonitor {
  /** Unique; a monitor is found again by it. */
  readonly name: string;
  readonly type: "http" | "keyword" | "port" | "ping" | "dns";
  /** For http and keyword. */
  readonly url?: string;
  /** For port, ping and dns. */
  readonly hostname?: string;
  /** For port and dns. */
  readonly port?: number;
  readonly keyword?: string;
  readonly dns_resolve_server?: string;
  readonly dns_resolve_type?: "A";
  /** For http and keyword. */
  readonly accepted_statuscodes?: readonly string[];
  /** Seconds between two questions. */
  readonly interval: number;
  /** Failures that are forgiven before it counts as down. */
  readonly maxretries: number;
  /** Topic of ntfy that hears of it. */
  readonly tier: ProbeDeclaration["tier"];
  /** Host and service the question is about, e.g. "nas/samba", or the host alone. */
  readonly about: string;
}

const RETRIES = 2;

/**
 * Every monitor of the homelab: what the services declare, a ping of each host at home, and one
 * question whether the domain itself can be resolved by the rest of the world.
 */
export function uptimeMonitors(site: Site, hosts: readonly ProbedHost[]): UptimeMonitor[] {
  const declared = hosts.flatMap(({ host, services, externals = [] }) =>
    [...services, ...externals].flatMap(({ name, probes = [] }) =>
      probes.map((probe) => monitorOf(site, `${host}/${name}`, probe)),
    ),
  );
  return [...declared, ...hostPings(site), publicName(site)];
}

/** The target with the site's domain and addresses filled in. */
export function probeTarget(site: Site, target: string): string {
  return target
    .replaceAll("{domain}", site.domain)
    .replaceAll(/\{(lan|mesh):([^}]*)\}/g, (_, net: "lan" | "mesh", host: string) => {
      if (!isHostName(host)) throw new Error(`the probe target "${target}" names no host of ours`);
      return site.hosts[host][net];
    });
}

function monitorOf(site: Site, about: string, probe: ProbeDeclaration): UptimeMonitor {
  const target = probeTarget(site, probe.target);
  const common = {
    name: probe.name,
    interval: toSeconds(probe.interval),
    maxretries: RETRIES,
    tier: probe.tier,
    about,
  };
  switch (probe.kind) {
    case "http":
    case "keyword":
      return {
        ...common,
        type: probe.kind,
        url: target,
        accepted_statuscodes: [String(probe.status ?? 200)],
        ...(probe.keyword === undefined ? {} : { keyword: probe.keyword }),
      };
    case "tcp": {
      const [hostname = "", port = ""] = target.split(":");
      return { ...common, type: "port", hostname, port: Number(port) };
    }
    case "ping":
      return { ...common, type: "ping", hostname: target };
  }
}

function hostPings(site: Site): UptimeMonitor[] {
  const ping = (about: "nas" | "docker-vm", name: string, interval: number): UptimeMonitor => ({
    name,
    type: "ping",
    hostname: site.hosts[about].mesh,
    interval,
    maxretries: RETRIES,
    tier: "warning",
    about,
  });
  return [ping("nas", "NAS", 60), ping("docker-vm", "Docker VM", 300)];
}

function publicName(site: Site): UptimeMonitor {
  return {
    name: "Public DNS",
    type: "dns",
    hostname: site.domain,
    dns_resolve_server: site.dnsUpstreams[0] ?? "",
    dns_resolve_type: "A",
    port: 53,
    interval: 900,
    maxretries: RETRIES,
    tier: "info",
    about: "vps",
  };
}
