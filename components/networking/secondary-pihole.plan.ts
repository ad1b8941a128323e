import { hostWith, titleOf } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import {
  PIHOLE_CONTAINER,
  PIHOLE_PASSWORD,
  PIHOLE_SECRETS,
  piholeEnvironment,
} from "./pihole-container.plan.ts";
import { PIHOLE_2026_02_IMAGE } from "./pihole.image.ts";
import { app } from "../../model/app.ts";

const VPS = hostWith("coordinator");

/** Pi-hole on the VPS, a second resolver on the loopback. It needs nothing. */
export function secondaryPihole(site: Site) {
  return app({
    type: "homelab:networking:SecondaryPihole",
    exposes: {
      /** The resolver; healthy once it answers a query. */
      resolver: "pihole",
    },
    images: [PIHOLE_2026_02_IMAGE],
    networks: [{ name: "dns-net" }],
    services: [
      {
        name: "pihole",
        stack: "networking/pihole",
        image: PIHOLE_2026_02_IMAGE.reference,
        hostname: `pihole-${VPS}`,
        ...PIHOLE_CONTAINER,
        env: piholeEnvironment(site),
        networks: [{ name: "dns-net" }],
        ports: [
          { bind: "127.0.0.1", host: 5353, container: 53, protocol: "tcp" },
          { bind: "127.0.0.1", host: 5353, container: 53, protocol: "udp" },
          { bind: "127.0.0.1", host: 8053, container: 80, protocol: "tcp" },
        ],
        files: [PIHOLE_PASSWORD],
        // Uptime Kuma asks over dns-net: the published ports are on the loopback.
        probes: [
          {
            name: `${titleOf(VPS)} Pi-hole`,
            kind: "tcp",
            target: "pihole:53",
            interval: "60s",
            tier: "critical",
          },
        ],
      },
    ],
    secrets: PIHOLE_SECRETS,
    volumes: [
      {
        name: "pihole-config",
        notCopied: "all settings are declared; the blocklists are downloaded anew",
      },
      { name: "pihole-dnsmasq", notCopied: "written by Pi-hole from its settings" },
    ],
  });
}
