import type { HostDeclaration } from "../../model/declaration.ts";
import type { ProbeDeclaration } from "../../model/declared-uses.ts";
import {
  hasRole,
  hostsAtHome,
  hostWith,
  isHostName,
  titleOf,
  type HostName,
} from "../../model/host-names.ts";
import type { Monitor, MonitorNotice, MonitorSettings } from "../../model/monitor.ts";
import type { Site } from "../../model/site.ts";
import { toSeconds } from "../../model/units.ts";
import { OWN_PAGE_PROBE } from "../edge/public-proxy.plan.ts";
import { NTFY_TOPICS } from "./ntfy.plan.ts";
import { UPTIME_KUMA_PORT } from "./uptime-kuma.plan.ts";

/** What the monitors are made from. */
export type ProbedHost = Pick<HostDeclaration, "host" | "services" | "externals">;

const RETRIES = 2;

/**
 * Every monitor of the homelab: what the services declare, a ping of each host at home, and one
 * question whether the domain itself can be resolved by the rest of the world.
 */
export function uptimeMonitors(site: Site, hosts: readonly ProbedHost[]): Monitor[] {
  const declared = hosts.flatMap(({ host, services, externals = [] }) => [
    ...services.flatMap(({ name, probes = [] }) =>
      probes.map((probe) => ({
        ...monitorOf(site, host, name, probe),
        // It goes through name, certificate and proxy, and stands for every page.
        ...(probe.name === OWN_PAGE_PROBE.name ? {} : leftToControlPlane(site)),
      })),
    ),
    ...externals.flatMap(({ name, probes = [] }) =>
      probes.map((probe) => monitorOf(site, host, name, probe)),
    ),
  ]);
  return [...declared, ...hostPings(site), publicName(site)];
}

/** What is about a host or a container the control plane tells, where it tells anybody. */
function leftToControlPlane({ controlPlane }: Site): Pick<Monitor, "tells"> {
  return controlPlane?.notifications ? { tells: false } : {};
}

/** Whom Uptime Kuma tells, by the tier of the monitor. */
const NOTICES: readonly MonitorNotice[] = [
  { tier: "critical", topic: NTFY_TOPICS.critical, priority: 5 },
  { tier: "warning", topic: NTFY_TOPICS.warning, priority: 4 },
  { tier: "info", topic: NTFY_TOPICS.info, priority: 3 },
];

/** The same, but for its secrets. */
export function uptimeSettings(
  site: Site,
  hosts: readonly ProbedHost[],
): (secrets: { readonly password: string; readonly token: string }) => MonitorSettings {
  const monitors = uptimeMonitors(site, hosts);
  return ({ password, token }) => ({
    url: `http://127.0.0.1:${UPTIME_KUMA_PORT}`,
    user: site.adminUser,
    password,
    // Its neighbour by name, so that it can tell when no proxy and no DNS answers.
    ntfy: { url: "http://ntfy", token },
    notices: NOTICES,
    monitors,
  });
}

/**
 * The target with the site's domain and addresses filled in.
 * @param own host of the service that declares it
 * @throws Error when the target names a host that there is not
 */
export function probeTarget(site: Site, own: HostName, target: string): string {
  return target
    .replaceAll("{domain}", site.domain)
    .replaceAll(/\{(lan|mesh)(?::([^}]*))?\}/g, (_, net: "lan" | "mesh", host: string = own) => {
      if (!isHostName(host)) throw new Error(`the probe target "${target}" names no host of ours`);
      return site.hosts[host][net];
    });
}

function monitorOf(site: Site, host: HostName, service: string, probe: ProbeDeclaration): Monitor {
  const target = probeTarget(site, host, probe.target);
  const common = {
    name: probe.name,
    interval: toSeconds(probe.interval),
    retries: RETRIES,
    tier: probe.tier,
    about: `${host}/${service}`,
  };
  switch (probe.kind) {
    case "http":
    case "keyword":
      return {
        ...common,
        kind: probe.kind,
        url: target,
        statuses: [String(probe.status ?? 200)],
        ...(probe.keyword === undefined ? {} : { keyword: probe.keyword }),
      };
    case "tcp": {
      const [hostname = "", port = ""] = target.split(":");
      return { ...common, kind: "tcp", hostname, port: Number(port) };
    }
    case "ping":
      return { ...common, kind: "ping", hostname: target };
  }
}

function hostPings(site: Site): Monitor[] {
  return hostsAtHome().map((host) => ({
    name: titleOf(host),
    kind: "ping",
    hostname: site.hosts[host].mesh,
    // The others wait for the storage's folders, and have no probe that tells of it sooner.
    interval: hasRole(host, "storage") ? 60 : 300,
    retries: RETRIES,
    tier: "warning",
    ...leftToControlPlane(site),
    about: host,
  }));
}

function publicName(site: Site): Monitor {
  return {
    name: "Public DNS",
    kind: "dns",
    hostname: site.domain,
    resolver: site.dnsUpstreams[0] ?? "",
    record: "A",
    port: 53,
    interval: 900,
    retries: RETRIES,
    tier: "info",
    about: hostWith("coordinator"),
  };
}
