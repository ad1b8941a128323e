import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ANEW_LABEL } from "../../model/container-inputs.ts";
import type { NetworkDeclaration } from "../../model/declaration.ts";

/** Arguments of SharedNetwork. */
export interface SharedNetworkArgs {
  readonly network: NetworkDeclaration;
  /**
   * Leaves it on the host when its declaration goes: containers that are not ours are in it, and
   * the engine would refuse. @default false
   */
  readonly keep?: boolean;
  /** Value of ANEW_LABEL; another than before makes the network anew. @default no such label */
  readonly anew: string | undefined;
}

/**
 * A network that belongs to the host. Because no stack owns it, stacks that use each other's
 * networks do not have to wait for each other.
 */
export class SharedNetwork extends pulumi.ComponentResource {
  /** The name containers join by. */
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, args: SharedNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:core:SharedNetwork", name, {}, opts);
    const { subnet, gateway } = args.network;
    const network = new docker.Network(
      `${name}-network`,
      {
        name: args.network.name,
        driver: "bridge",
        ...(subnet && gateway ? { ipamConfigs: [{ subnet, gateway }] } : {}),
        ...(args.anew !== undefined && { labels: [{ label: ANEW_LABEL, value: args.anew }] }),
      },
      // The name is fixed, so the old one has to go first.
      { parent: this, deleteBeforeReplace: true, retainOnDelete: args.keep ?? false },
    );
    this.networkName = network.name;
    this.registerOutputs({});
  }
}
