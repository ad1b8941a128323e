import * as pulumi from "@pulumi/pulumi";
import type * as tailscale from "@pulumi/tailscale";
import type { Host } from "../core/host.ts";
import { tailnetKey, type TailnetDns } from "./tailnet.plan.ts";

/** What opens Tailscale's interface: a key, or a client with its secret. */
export type TailnetAccess = Pick<
  tailscale.ProviderArgs,
  "apiKey" | "oauthClientId" | "oauthClientSecret"
>;

/** Arguments of Tailnet. */
export interface TailnetArgs {
  readonly host: Host;
  /** The provider's SDK. Handed in, so that only who needs it waits until it is loaded. */
  readonly sdk: typeof tailscale;
  /** Name or ID of the tailnet. */
  readonly tailnet: string;
  readonly access: TailnetAccess;
}

/**
 * What one stack has at Tailscale: the key of its host, and on the VPS what holds for the whole
 * tailnet (docs/adr/0016-a-tailnet-instead-of-headscale.md).
 *
 * @example
 * const tailnet = new Tailnet("tailnet", { host, sdk, tailnet: "example.com", access });
 * const key = tailnet.createKey(token, [tailnet.setPolicy(policy)]);
 */
export class Tailnet extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #args: TailnetArgs;

  constructor(name: string, args: TailnetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { host, sdk, tailnet, access } = args;
    // Made before the component, so that everything below the component inherits it.
    const provider = new sdk.Provider(`${name}-tailscale`, { tailnet, ...access });
    super(
      "homelab:networking:Tailnet",
      name,
      {},
      pulumi.mergeOptions({ parent: host, providers: { tailscale: provider } }, opts),
    );
    this.#name = name;
    this.#args = args;
    this.registerOutputs({});
  }

  /**
   * Sets the policy file of the whole tailnet. One that a person wrote is not overwritten: the
   * provider replaces only Tailscale's default. Ours stays when this resource goes, since the default would
   * let everybody reach everything.
   * @param policy its text
   */
  setPolicy(policy: string): tailscale.Acl {
    return new this.#args.sdk.Acl(`${this.#name}-policy`, { acl: policy }, { parent: this });
  }

  /**
   * Makes the key that lets the host join, once and for minutes; a secret.
   * @param token names the enrolment it is for; another one makes another key
   * @param dependsOn what gives its tag an owner, where that is this stack's affair
   */
  createKey(token: string, dependsOn: pulumi.Resource[] = []): pulumi.Output<string> {
    const { sdk, host } = this.#args;
    const key = new sdk.TailnetKey(`${this.#name}-key`, tailnetKey(host.declaration.host, token), {
      parent: this,
      dependsOn,
      replaceOnChanges: ["description"],
    });
    return pulumi.secret(key.key);
  }

  /**
   * Sets the DNS of the whole tailnet. When this resource goes, members ask their own resolvers.
   * @param dependsOn what answers there
   */
  setDns(dns: TailnetDns, dependsOn: pulumi.Resource[]): void {
    const { sdk } = this.#args;
    new sdk.DnsConfiguration(`${this.#name}-dns`, { ...dns }, { parent: this, dependsOn });
  }
}
