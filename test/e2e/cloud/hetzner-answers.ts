// What Hetzner's Cloud API answers, in the fields that its reference describes.
import type { Body } from "./hetzner-requests.ts";

const CREATED = "2026-01-01T00:00:00+00:00";

/** An ssh key in the imitated project. */
export interface SshKey {
  readonly id: number;
  readonly name: string;
  readonly public_key: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A rule of a firewall as it is answered: every field is there. */
export interface Rule {
  readonly direction: string;
  readonly protocol: string;
  readonly port: string | null;
  readonly description: string | null;
  readonly source_ips: readonly string[];
  readonly destination_ips: readonly string[];
}

/** A firewall in the imitated project. */
export interface Firewall {
  readonly id: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  rules: readonly Rule[];
}

/** A server in the imitated project. */
export interface Server {
  readonly id: number;
  readonly request: Body<"POST /servers">;
  readonly ipv4: string;
  /** Network of the server; its own address ends in 1. */
  readonly ipv6: string;
  readonly protection: { delete: boolean; rebuild: boolean };
  /** Name that an address leads back to. */
  readonly names: Map<string, string>;
}

export const LOCATION = {
  id: 1,
  name: "fsn1",
  description: "a place",
  country: "DE",
  city: "a city",
  latitude: 50,
  longitude: 12,
  network_zone: "eu-central",
};

export const SERVER_TYPE = {
  id: 11,
  name: "cx23",
  description: "CX23",
  category: "Shared vCPU",
  cores: 2,
  memory: 4,
  disk: 40,
  storage_type: "local",
  cpu_type: "shared",
  architecture: "x86",
  deprecated: false,
  deprecation: null,
  prices: [],
  locations: [{ id: 1, name: "fsn1", deprecation: null }],
};

export const IMAGE = {
  id: 21,
  status: "available",
  type: "system",
  name: "debian-13",
  description: "Debian 13",
  image_size: null,
  disk_size: 5,
  created: CREATED,
  created_from: null,
  bound_to: null,
  os_flavor: "debian",
  os_version: "13",
  architecture: "x86",
  rapid_deploy: true,
  protection: { delete: false },
  deprecated: null,
  deleted: null,
  labels: {},
};

export function sshKeyAnswer(key: SshKey) {
  return {
    ...key,
    fingerprint: "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
    created: CREATED,
  };
}

export function firewallAnswer(firewall: Firewall, servers: Iterable<Server>) {
  const applied = [...servers].filter(({ request }) =>
    request.firewalls?.some((one) => one.firewall === firewall.id),
  );
  return {
    ...firewall,
    created: CREATED,
    applied_to: applied.map(({ id }) => ({ type: "server", server: { id } })),
  };
}

export function ruleAnswer(rule: Body<"POST /firewalls/{id}/actions/set_rules">["rules"][0]): Rule {
  return {
    direction: rule.direction,
    protocol: rule.protocol,
    port: rule.port ?? null,
    description: rule.description ?? null,
    source_ips: rule.source_ips ?? [],
    destination_ips: rule.destination_ips ?? [],
  };
}

export function serverAnswer(server: Server) {
  const { id, request, ipv4, ipv6, protection, names } = server;
  return {
    id,
    name: request.name,
    status: "running",
    created: CREATED,
    public_net: {
      ipv4: { id: id + 1000, ip: ipv4, blocked: false, dns_ptr: names.get(ipv4) ?? "" },
      ipv6: {
        id: id + 2000,
        ip: ipv6,
        blocked: false,
        dns_ptr: [...names]
          .filter(([ip]) => ip.includes(":"))
          .map(([ip, dns_ptr]) => ({ ip, dns_ptr })),
      },
      floating_ips: [],
      firewalls: (request.firewalls ?? []).map(({ firewall }) => ({
        id: firewall,
        status: "applied",
      })),
    },
    private_net: [],
    server_type: SERVER_TYPE,
    included_traffic: 0,
    outgoing_traffic: null,
    ingoing_traffic: null,
    backup_window: null,
    rescue_enabled: false,
    iso: null,
    locked: false,
    location: LOCATION,
    datacenter: null,
    image: IMAGE,
    protection,
    labels: request.labels ?? {},
    volumes: [],
    primary_disk_size: 40,
    placement_group: null,
    load_balancers: [],
  };
}

export function actionAnswer(id: number, command: string, status: "running" | "success") {
  return {
    id,
    command,
    status,
    progress: status === "success" ? 100 : 0,
    started: CREATED,
    finished: status === "success" ? CREATED : null,
    error: null,
    resources: [],
  };
}
