import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import {
  PIHOLE_CONTAINER,
  PIHOLE_PASSWORD,
  PIHOLE_SECRETS,
  piholeEnvironment,
} from "./pihole-container.plan.ts";
import { localNamesFile, type LocalName } from "../edge/local-names.plan.ts";
import { PIHOLE_2025_04_IMAGE } from "./pihole.image.ts";
import { app } from "../../model/app.ts";

/** What Pi-hole has to know beside the site. */
export interface PiholeArgs {
  /** Names it answers itself, from `localNames`. */
  readonly names: readonly LocalName[];
}

const STACK = "networking/pihole";

/** Pi-hole, the DNS of the home network, with its backup. It needs nothing and comes first. */
export function pihole(site: Site, args: PiholeArgs) {
  const address = site.hosts[hostWith("home")].lan;
  return app({
    type: "homelab:networking:Pihole",
    exposes: {
      /** The resolver; healthy once it answers a query. */
      resolver: "pihole",
      /** Copies its settings and block lists each night. */
      backup: "pihole-backup",
    },
    images: [PIHOLE_2025_04_IMAGE],
    networks: [{ name: "pihole-net" }],
    services: [
      {
        name: "pihole",
        stack: STACK,
        image: PIHOLE_2025_04_IMAGE.reference,
        hostname: "pihole-fixed",
        ...PIHOLE_CONTAINER,
        // The image is v6, which ignores the names of v5 (WEBPASSWORD, PIHOLE_DNS_, DNSSEC):
        // docs.pi-hole.net/docker/configuration.
        env: {
          ...piholeEnvironment(site),
          FTLCONF_dns_queryLogging: "true",
          FTLCONF_dns_reply_host_force4: "true",
          FTLCONF_dns_reply_host_IPv4: address,
          // Names come as a file, so that those typed into the web page stay editable beside them:
          // what FTLCONF_dns_hosts sets, the page cannot change.
          FTLCONF_misc_etc_dnsmasq_d: "true",
        },
        networks: [{ name: "pihole-net" }],
        ports: [
          { bind: "0.0.0.0", host: 53, container: 53, protocol: "tcp" },
          { bind: "0.0.0.0", host: 53, container: 53, protocol: "udp" },
          { bind: "0.0.0.0", host: 8053, container: 80, protocol: "tcp" },
        ],
        files: [
          {
            target: "/etc/dnsmasq.d/10-homelab-names.conf",
            content: { kind: "text", text: localNamesFile(args.names) },
          },
          PIHOLE_PASSWORD,
        ],
        watchUpdates: true,
        probes: [
          {
            name: "Pi-hole DNS",
            kind: "tcp",
            target: "{mesh}:53",
            interval: "60s",
            tier: "critical",
          },
        ],
        tile: {
          group: "Infrastructure",
          title: "Pi-hole",
          description: "DNS of the home network",
          icon: "pi-hole.png",
        },
      },
    ],
    jobs: [
      {
        name: "pihole-backup",
        stack: STACK,
        networks: ["pihole-net"],
        repository: "pihole",
        schedule: "45 2 * * *",
        data: [
          { volume: "pihole-config", target: "/data/pihole" },
          { volume: "pihole-dnsmasq", target: "/data/dnsmasq" },
        ],
        sqlite: ["/data/pihole/gravity.db", "/data/pihole/pihole-FTL.db"],
      },
    ],
    secrets: PIHOLE_SECRETS,
    volumes: [{ name: "pihole-config", neverLose: true }, { name: "pihole-dnsmasq" }],
  });
}
