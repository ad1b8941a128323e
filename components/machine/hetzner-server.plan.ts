import type { MachineDeclaration, OpenPort } from "../../model/declared-machine.ts";
import type { AppService } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { person, type Secrets } from "../../model/secrets.ts";

/**
 * Debian 13: its own packages have an engine that is new enough. A newer release is for new
 * machines; one that stands is not made anew because of it.
 */
export const MACHINE_IMAGE = "debian-13";

/** The version that the sandbox's nodes run too. */
const MESH_CLIENT = "docker.io/tailscale/tailscale:v1.94.1";

/** Deployments and people come in here; no container publishes it. */
const SSH_PORT: OpenPort = { port: 22, protocol: "tcp", service: "ssh" };

/**
 * The VPS's machine, if the site wants one rented; undefined when it uses a machine as it is.
 * @param services what runs on it, whose public ports are opened
 * @param coordinatorSite name of the site at which Headscale answers, e.g. "hs"
 */
export function hetznerMachine(
  site: Site,
  services: readonly AppService[],
  coordinatorSite: string,
): MachineDeclaration | undefined {
  if (site.vps.provision !== "hcloud") return undefined;
  const host = hostWith("coordinator");
  const { serverType, location, loginUser, sshKeys } = site.vps;
  return {
    name: host,
    serverType,
    location,
    loginUser,
    sshKeys,
    dnsName: `${host}.${site.domain}`,
    openPorts: [SSH_PORT, ...publicPorts(services)],
    meshClient: MESH_CLIENT,
    ...(site.mesh.coordinator === "headscale" && {
      coordinator: `${coordinatorSite}.${site.domain}`,
    }),
  };
}

/** Ports that services publish on every address of the machine. */
function publicPorts(services: readonly AppService[]): OpenPort[] {
  return services
    .flatMap(({ name, ports = [] }) =>
      ports
        .filter(({ bind }) => bind === "0.0.0.0")
        .map(({ host, protocol }) => ({ port: host, protocol, service: name })),
    )
    .sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol));
}

/** A rule as the provider's firewall takes it. */
export interface FirewallRule {
  readonly direction: "in";
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Only protocols with ports have one. */
  readonly port?: string;
  readonly sourceIps: string[];
  readonly description: string;
}

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/**
 * What the firewall lets in; all else is dropped before it reaches the machine. Ping and the
 * messages by which senders find the size of packets are no ports, and are let in as the
 * original's firewall did.
 */
export function firewallRules(ports: readonly OpenPort[]): FirewallRule[] {
  const opened = ports.map(({ port, protocol, service }) => ({
    direction: "in" as const,
    protocol,
    port: String(port),
    sourceIps: EVERYWHERE,
    description: service,
  }));
  return [
    ...opened,
    {
      direction: "in",
      protocol: "icmp",
      sourceIps: EVERYWHERE,
      description: "ping, path size",
    },
  ];
}

/** What renting the machine takes. */
export const MACHINE_SECRETS: Secrets = {
  "hcloud-token": person(
    "rents the VPS's machine; needed when site.vps.provision is hcloud",
    "an API token of the Hetzner Cloud project, read and write, 64 characters",
  ),
};
