import type * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import type { MachineDeclaration } from "../../model/declared-machine.ts";
import { cloudInit } from "./cloud-init.plan.ts";
import { firewallRules, MACHINE_IMAGE } from "./hetzner-server.plan.ts";

/** Arguments of HetznerServer. */
export interface HetznerServerArgs {
  /** The provider's SDK. Handed in, so that only who rents a machine waits until it is loaded. */
  readonly sdk: typeof hcloud;
  /** The machine as data. */
  readonly machine: MachineDeclaration;
  /** API token of the project at Hetzner Cloud, 64 characters. */
  readonly token: pulumi.Output<string>;
  /** Image of the mesh's client, with its digest. */
  readonly meshClient: string;
}

/** What all of its parts at the provider are labelled with. */
const LABELS = { "managed-by": "homelab" };

/**
 * A rented machine: server, firewall, ssh keys and the names its addresses lead back to.
 *
 * The server can be deleted neither from here nor at the provider before somebody lifts both
 * protections by hand, because its disk holds the keys of the mesh. What only its first boot reads
 * (system image, ssh keys, cloud-init) is not compared afterwards: a newer text here must not ask
 * for a new machine.
 *
 * @example
 * const server = new HetznerServer("vps-machine", { sdk, machine, token, meshClient });
 */
export class HetznerServer extends pulumi.ComponentResource {
  /** Public IPv4 address; known once its name is there too. */
  readonly ipv4: pulumi.Output<string>;
  /** Public IPv6 address; known once its name is there too. */
  readonly ipv6: pulumi.Output<string>;

  constructor(name: string, args: HetznerServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { sdk, machine } = args;
    // Made before the component, so that everything below the component inherits it.
    const provider = new sdk.Provider(`${name}-hcloud`, { token: args.token });
    super(
      "homelab:machine:HetznerServer",
      name,
      {},
      pulumi.mergeOptions(opts, { providers: { hcloud: provider } }),
    );
    const firewall = new sdk.Firewall(
      `${name}-firewall`,
      { name: machine.name, labels: LABELS, rules: firewallRules(machine.openPorts) },
      { parent: this, protect: true },
    );
    const server = new sdk.Server(
      `${name}-server`,
      {
        name: machine.name,
        labels: LABELS,
        serverType: machine.serverType,
        location: machine.location,
        image: MACHINE_IMAGE,
        sshKeys: this.#createKeys(name, args).map(({ id }) => id),
        firewallIds: [firewall.id.apply(Number)],
        userData: cloudInit(machine, args.meshClient),
        deleteProtection: true,
        rebuildProtection: true,
      },
      { parent: this, protect: true, ignoreChanges: ["image", "sshKeys", "userData"] },
    );
    const named = (family: "v4" | "v6", ipAddress: pulumi.Output<string>) =>
      new sdk.Rdns(
        `${name}-rdns-${family}`,
        { serverId: server.id.apply(Number), ipAddress, dnsPtr: machine.dnsName },
        // Else a deletion would take the names away before the server refuses to go.
        { parent: this, protect: true },
      ).ipAddress;
    this.ipv4 = named("v4", server.ipv4Address);
    this.ipv6 = named("v6", server.ipv6Address);
    this.registerOutputs({ ipv4: this.ipv4, ipv6: this.ipv6 });
  }

  #createKeys(name: string, { sdk, machine }: HetznerServerArgs): hcloud.SshKey[] {
    return Object.entries(machine.sshKeys).map(
      ([owner, publicKey]) =>
        new sdk.SshKey(
          `${name}-ssh-key-${owner}`,
          { name: `${machine.name}-${owner}`, labels: LABELS, publicKey },
          { parent: this },
        ),
    );
  }
}
