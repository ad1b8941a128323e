import type { FileDeclaration } from "../../model/declared-files.ts";
import type { AppService } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

/** Environment of every Pi-hole. */
export function piholeEnvironment(site: Site): Readonly<Record<string, string>> {
  return {
    TZ: site.timezone,
    FTLCONF_dns_upstreams: site.dnsUpstreams.join(";"),
    FTLCONF_dns_dnssec: "true",
    FTLCONF_dns_listeningMode: "all",
    // It may not set the machine's clock, which keeps time by itself.
    FTLCONF_ntp_sync_active: "false",
    // A file name below /run/secrets, not a path (bash_functions.sh of docker-pi-hole).
    WEBPASSWORD_FILE: "pihole-password",
  };
}

/** Password of the web page, where the start script looks for it as root. */
export const PIHOLE_PASSWORD: FileDeclaration = {
  target: "/run/secrets/pihole-password",
  content: { kind: "secret", secret: "pihole-password" },
  owner: "0:0",
};

/** What every Pi-hole has alike beside its environment and files. */
export const PIHOLE_CONTAINER = {
  mounts: [
    { kind: "volume", volume: "pihole-config", target: "/etc/pihole" },
    { kind: "volume", volume: "pihole-dnsmasq", target: "/etc/dnsmasq.d" },
  ],
  health: {
    test: ["CMD", "dig", "+norecurse", "+retry=0", "@127.0.0.1", "pi.hole"],
    // The first start builds the block list before it answers.
    startPeriod: "60s",
  },
  limits: { memory: "256MiB", cpus: 0.5 },
  // The start script works as root on files of the pihole user, becomes it, and at the end sends
  // it the signal to stop (KILL). FTL itself runs without any: no DHCP, no raw packets.
  capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETFCAP", "SETGID", "SETUID"],
  category: "networking",
  critical: true,
  wayIn: true,
} as const satisfies Partial<AppService>;

/** Of every Pi-hole. */
export const PIHOLE_SECRETS: Secrets = {
  "pihole-password": generated("Pi-hole's web page"),
};
