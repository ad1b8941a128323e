import { hostWith, titleOf } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import {
  ADGUARD_COMMAND,
  ADGUARD_FILES,
  ADGUARD_WEB_PORT,
  adguardBase,
  adguardRewrites,
  adguardStartScript,
  UNBOUND_ADDRESS,
  UNBOUND_PORT,
  unboundConfig,
} from "./adguard-config.plan.ts";
import { meshRecords } from "../edge/mesh-records.plan.ts";
import type { RoutedHost, ReachedAt } from "../edge/routes.plan.ts";
import { UNBOUND_1_24_IMAGE } from "./unbound.image.ts";
import { ADGUARD_0_107_IMAGE } from "./adguard.image.ts";
import { app } from "../../model/app.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

/** What AdGuard has to know beside the site. */
export interface AdguardArgs extends ReachedAt {
  /** All hosts: the names of their services are answered here. */
  readonly hosts: readonly RoutedHost[];
}

const STACK = "networking/adguard";
const NETWORK = "adguard-net";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "adguard-password": generated("AdGuard Home's web page"),
};

/**
 * AdGuard Home with Unbound behind it: DNS for the mesh and for the VPS itself. It listens on the
 * mesh address, so it waits for the mesh.
 */
export function adguard(site: Site, args: AdguardArgs) {
  const dns = ["127.0.0.1", site.hosts[hostWith("coordinator")].mesh].flatMap((bind) =>
    (["tcp", "udp"] as const).map((protocol) => ({ bind, host: 53, container: 53, protocol })),
  );
  return app({
    type: "homelab:networking:Adguard",
    exposes: {
      /** Resolves from the root; has a fixed address. */
      resolver: "unbound",
      /** Filters and knows the names at home; healthy once its page answers. */
      filter: "adguard",
    },
    images: [UNBOUND_1_24_IMAGE, ADGUARD_0_107_IMAGE],
    networks: [
      // Fixed, because Unbound has a fixed address in it.
      { name: NETWORK, subnet: "172.20.0.0/16", gateway: "172.20.0.1" },
    ],
    services: [
      {
        name: "unbound",
        stack: STACK,
        image: UNBOUND_1_24_IMAGE.reference,
        env: { TZ: site.timezone },
        networks: [{ name: NETWORK, address: UNBOUND_ADDRESS }],
        files: [
          {
            target: "/usr/local/unbound/conf.d/custom.conf",
            content: { kind: "text", text: unboundConfig() },
          },
        ],
        // A name it answers by itself (RFC 6761). With one on the internet an outage of the line
        // would stop AdGuard, and with it the names at home, as well.
        health: {
          test: ["CMD", "drill", "-p", String(UNBOUND_PORT), "localhost", "@127.0.0.1"],
          interval: "60s",
          timeout: "30s",
          retries: 5,
        },
        limits: { memory: "128MiB", cpus: 0.25 },
        // Its start script becomes another user, whom tini, still root, has to signal (KILL).
        capabilities: ["KILL", "SETGID", "SETUID"],
        category: "networking",
        critical: true,
        wayIn: true,
      },
      {
        name: "adguard",
        stack: STACK,
        image: ADGUARD_0_107_IMAGE.reference,
        entrypoint: ["/bin/sh", ADGUARD_FILES.start],
        command: ADGUARD_COMMAND,
        env: { TZ: site.timezone },
        networks: [{ name: NETWORK }],
        ports: dns,
        mounts: [
          { kind: "volume", volume: "adguard-work", target: "/opt/adguardhome/work" },
          { kind: "volume", volume: "adguard-conf", target: "/opt/adguardhome/conf" },
        ],
        files: [
          {
            target: ADGUARD_FILES.start,
            content: { kind: "text", text: adguardStartScript(site) },
          },
          { target: ADGUARD_FILES.base, content: { kind: "text", text: adguardBase(site) } },
          {
            target: ADGUARD_FILES.rewrites,
            content: { kind: "text", text: adguardRewrites(meshRecords(site, args.hosts)) },
          },
          {
            target: ADGUARD_FILES.login,
            content: { kind: "htpasswd", users: { [site.adminUser]: "adguard-password" } },
            owner: "0:0",
          },
        ],
        health: {
          test: ["CMD", "wget", "--spider", "-q", `http://127.0.0.1:${ADGUARD_WEB_PORT}/`],
        },
        // While a block list is renewed, the old and the new one are in memory.
        limits: { memory: "256MiB", cpus: 0.5 },
        capabilities: ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE"],
        requires: [
          {
            on: "unbound",
            condition: "healthy",
            strength: "hard",
            why: "resolves every name it does not know itself",
          },
          {
            on: "gate:mesh",
            condition: "healthy",
            strength: "hard",
            why: "listens on the mesh address",
          },
        ],
        category: "networking",
        critical: true,
        wayIn: true,
        routes: [{ name: args.at ?? "adguard", port: ADGUARD_WEB_PORT }],
        probes: [
          {
            // Not 127.0.0.1, which is the monitor's own container.
            name: `${titleOf(hostWith("coordinator"))} DNS`,
            kind: "tcp",
            target: "{mesh}:53",
            interval: "60s",
            tier: "critical",
          },
        ],
      },
    ],
    secrets: SECRETS,
    volumes: [
      { name: "adguard-conf", neverLose: true, copied: { at: "/data/adguard" } },
      {
        name: "adguard-work",
        notCopied: "query log, statistics and downloaded blocklists; fetched and filled anew",
      },
    ],
  });
}
