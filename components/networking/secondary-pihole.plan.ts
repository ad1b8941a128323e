import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";

/** Pi-hole on the VPS: a second resolver for the machine itself, and for nobody else. */
export function secondaryPiholePlan(site: Site): AppPlan {
  return {
    services: [
      {
        name: "pihole",
        stack: "networking/pihole",
        phase: 1,
        image: "docker.io/pihole/pihole:2026.02.0",
        hostname: "pihole-vps",
        env: {
          TZ: site.timezone,
          FTLCONF_dns_upstreams: site.dnsUpstreams.join(";"),
          FTLCONF_dns_dnssec: "true",
          FTLCONF_dns_listeningMode: "all",
          // A file name below /run/secrets, not a path (bash_functions.sh of docker-pi-hole).
          WEBPASSWORD_FILE: "pihole-password",
        },
        networks: [{ name: "dns-net" }],
        ports: [
          { bind: "127.0.0.1", host: 5353, container: 53, protocol: "tcp" },
          { bind: "127.0.0.1", host: 5353, container: 53, protocol: "udp" },
          { bind: "127.0.0.1", host: 8053, container: 80, protocol: "tcp" },
        ],
        mounts: [
          { kind: "volume", volume: "pihole-config", target: "/etc/pihole" },
          { kind: "volume", volume: "pihole-dnsmasq", target: "/etc/dnsmasq.d" },
        ],
        files: [
          {
            target: "/run/secrets/pihole-password",
            content: { kind: "secret", secret: "pihole-password" },
            owner: "0:0",
          },
        ],
        health: {
          test: ["CMD", "dig", "+norecurse", "+retry=0", "@127.0.0.1", "pi.hole"],
          // The first start builds the block list before it answers.
          startPeriod: "60s",
        },
        limits: { memory: "256MiB", cpus: 0.5 },
        // Two more than in the original, as on the Docker VM: the start script works as root on
        // files of the pihole user.
        capabilities: [
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "NET_ADMIN",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETUID",
        ],
        category: "networking",
        critical: true,
        // Uptime Kuma asks over dns-net: the published ports are on the loopback.
        probes: [
          {
            name: "VPS Pi-hole",
            kind: "tcp",
            target: "pihole:53",
            interval: "60s",
            tier: "critical",
          },
        ],
      },
    ],
    volumes: [
      {
        name: "pihole-config",
        notCopied: "all settings are declared; the blocklists are downloaded anew",
      },
      { name: "pihole-dnsmasq", notCopied: "written by Pi-hole from its settings" },
    ],
  };
}
