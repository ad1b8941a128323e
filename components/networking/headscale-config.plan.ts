import { stringify } from "yaml";
import { hostWith } from "../../model/host-names.ts";
import type { MeshAddresses, Site } from "../../model/site.ts";
import { meshNameservers } from "../edge/mesh-records.plan.ts";

/** Name of Headscale's site below the domain. */
export const HEADSCALE_SITE = "hs";
/** Name of the relay's site below the domain. */
export const DERP_SITE = "derp";
/** Port of Headscale inside its container. */
export const HEADSCALE_PORT = 8080;
/**
 * Port of Headscale on the VPS itself, for the VPS's own node alone. Through the proxy it could not
 * come back after a boot: the proxy waits for AdGuard, and AdGuard for the node's address.
 */
export const HEADSCALE_OWN_PORT = 8085;
/** Port that answers STUN on the VPS; the relay's, Headscale's own is not published. */
export const STUN_PORT = 3478;
/** Region of Headscale's embedded relay and of the stand-alone one, of those left to sites. */
const EMBEDDED_REGION = 999;
const RELAY_REGION = 900;

/** Where Headscale finds its files in the container. */
export const HEADSCALE_FILES = {
  config: "/etc/headscale/config.yaml",
  policy: "/etc/headscale/acl.json",
  records: "/etc/headscale/extra-records.json",
  derp: "/etc/headscale/derp.yaml",
} as const;

/** Folder of Headscale's database and keys in the container. */
export const HEADSCALE_DATA = "/var/lib/headscale";

/** What the coordinator has beside Headscale. */
export interface CoordinatorHas {
  /** Whether it answers the members' names. @default true */
  readonly resolver?: boolean;
  /** Whether it has a relay of its own. @default true */
  readonly relay?: boolean;
}

/** Where every node but the VPS's own finds Headscale. */
export function headscaleAddress(site: Site): string {
  return `https://${HEADSCALE_SITE}.${site.domain}`;
}

/**
 * Headscale's own configuration, in the form of version 0.28.
 * @param addresses which address a new member gets
 */
export function headscaleConfig(
  site: Site,
  addresses: MeshAddresses = "random",
  { resolver = true, relay = true }: CoordinatorHas = {},
): string {
  return stringify({
    server_url: headscaleAddress(site),
    listen_addr: `0.0.0.0:${HEADSCALE_PORT}`,
    metrics_listen_addr: "127.0.0.1:9090",
    grpc_listen_addr: "127.0.0.1:50443",
    grpc_allow_insecure: false,
    noise: { private_key_path: `${HEADSCALE_DATA}/noise_private.key` },
    prefixes: { v4: "100.64.0.0/10", v6: "fd7a:115c:a1e0::/48", allocation: addresses },
    derp: {
      server: {
        enabled: true,
        region_id: EMBEDDED_REGION,
        region_code: "homelab",
        region_name: "Homelab, inside Headscale",
        verify_clients: true,
        // Must be set; the container publishes no such port, so nobody outside is answered.
        stun_listen_addr: `0.0.0.0:${STUN_PORT}`,
        private_key_path: `${HEADSCALE_DATA}/derp_server_private.key`,
        automatically_add_embedded_derp_region: true,
      },
      // Not Tailscale's public map: version 0.28 does not start when it cannot load it, and here
      // it starts before the resolver of its own machine. The two own relays it is.
      urls: [],
      paths: relay ? [HEADSCALE_FILES.derp] : [],
      auto_update_enabled: false,
      update_frequency: "24h",
    },
    disable_check_updates: true,
    ephemeral_node_inactivity_timeout: "30m",
    database: {
      type: "sqlite",
      sqlite: { path: `${HEADSCALE_DATA}/db.sqlite`, write_ahead_log: true },
    },
    log: { level: "info", format: "text" },
    policy: { mode: "file", path: HEADSCALE_FILES.policy },
    dns: {
      magic_dns: true,
      base_domain: "hs.net",
      override_local_dns: true,
      // Never a split rule towards 100.100.100.100: on the VPS it would ask itself in a circle.
      nameservers: { global: meshNameservers(site, resolver) },
      search_domains: [],
      extra_records_path: HEADSCALE_FILES.records,
    },
    unix_socket: "/var/run/headscale/headscale.sock",
    unix_socket_permission: "0770",
    logtail: { enabled: false },
    randomize_client_port: false,
  });
}

/**
 * The relay as a region of the mesh: no node uses one that no map names. It is reached through
 * the proxy, at the port of every other site.
 */
export function derpMap(site: Site): string {
  const hostname = `${DERP_SITE}.${site.domain}`;
  const region = {
    regionid: RELAY_REGION,
    regioncode: hostWith("coordinator"),
    regionname: "Homelab, own relay",
    nodes: [
      {
        name: `${RELAY_REGION}a`,
        regionid: RELAY_REGION,
        hostname,
        stunport: STUN_PORT,
        stunonly: false,
        derpport: 443,
      },
    ],
  };
  // A map, because Headscale refuses a region whose number is written as text.
  return stringify({ regions: new Map([[RELAY_REGION, region]]) });
}
