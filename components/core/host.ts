import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { HostDeclaration, NetworkDeclaration } from "../../model/declaration.ts";
import { requirementTarget } from "../../model/graph.ts";
import { readerOf } from "../../model/image-catalogue.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { pinned, type ImageLock } from "../../model/image-reference.ts";
import type { SecretName } from "../../model/secrets.ts";
import type { Observation } from "../../hosts/observation.ts";
import type { PulledImages } from "./images.ts";
import { madeAnew, type AnewOnHost, type MadeAnew } from "./made-anew.ts";
import { SharedNetwork } from "./shared-network.ts";
import { tellLostVolumes, tellMadeAnew } from "./tell-made-anew.ts";
import { sshOptions } from "../../hosts/ssh.ts";

/** Arguments of Host. */
export interface HostArgs {
  /** The whole host as data; its services are realised one by one by the stack. */
  readonly declaration: HostDeclaration;
  /** What the host said before the program ran. */
  readonly observation: Observation;
  /** Digests of the images. */
  readonly lock: ImageLock;
  /** What the images ask of who runs them. */
  readonly contracts: readonly ImageContract[];
  /** Value of a secret from the stack's encrypted config. */
  readonly secret: (name: SecretName) => pulumi.Output<string>;
  /**
   * Values for `{{value:name}}` in files that no declaration knows: what other stacks hand over,
   * and programs. @default none
   */
  readonly values?: Readonly<Record<string, pulumi.Input<string>>>;
  /** ssh alias. @default the host's name */
  readonly alias?: string;
}

/**
 * One Docker host: its provider over ssh, its networks, and the place where realised
 * services and gates find each other.
 *
 * @example
 * const host = new Host("docker-vm", { declaration, observation, lock, contracts, secret });
 * new Mosquitto("mosquitto", { host, plan: apps.mosquitto });
 */
export class Host extends pulumi.ComponentResource {
  readonly declaration: HostDeclaration;
  readonly observation: Observation;
  readonly alias: string;
  /**
   * What makes the boot permit, which every container of the host then mounts: while it is away
   * nobody can start one. @default none: the engine restarts containers as it likes
   */
  bootPermit: pulumi.Resource | undefined;
  /** What writes the plan by which the host starts at boot; it comes before every container. */
  planWritten: pulumi.Resource | undefined;
  /** What has the host pull the images that it lacks; it comes before every container. */
  images: PulledImages | undefined;
  readonly #args: HostArgs;
  readonly #networks = new Map<string, SharedNetwork>();
  readonly #ready = new Map<string, pulumi.Resource>();
  /** What has to be done besides, before a deployment that holds something back may end. */
  readonly #besides: pulumi.Resource[] = [];
  readonly #anew: AnewOnHost;
  #held: ReadonlySet<string> = new Set();
  #end: { readonly reported: Promise<pulumi.Resource>; report(end: pulumi.Resource): void };

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    const alias = args.alias ?? name;
    // Made before the component, so that everything below the component inherits it.
    const provider = new docker.Provider(`${name}-docker`, {
      host: `ssh://${alias}`,
      sshOpts: sshOptions(),
    });
    super(
      "homelab:core:Host",
      name,
      {},
      pulumi.mergeOptions(opts, { providers: { docker: provider } }),
    );
    this.#args = args;
    this.declaration = args.declaration;
    this.observation = args.observation;
    this.alias = alias;
    this.#anew = madeAnew(args);
    this.#end = pendingEnd();
    this.#createNetworks();
    tellLostVolumes(alias, this.#anew.lostVolumes, this);
    this.registerOutputs({});
  }

  /**
   * Networks whose addresses are fixed come first: the engine gives the others addresses of its
   * own choice, and would else take those.
   */
  #createNetworks(): void {
    const { networks, externals = [] } = this.declaration;
    const create = (network: NetworkDeclaration, dependsOn: pulumi.Resource[]) => {
      const joined = externals.some((unit) => unit.networks.includes(network.name));
      const anew = this.#anew.networks.get(network.name);
      const args = { network, keep: joined, anew: anew?.label };
      const shared = new SharedNetwork(network.name, args, { parent: this, dependsOn });
      tellMadeAnew(this.alias, `network "${network.name}"`, anew, shared);
      this.#networks.set(network.name, shared);
      return shared;
    };
    const fixed = networks
      .filter((network) => network.subnet !== undefined)
      .map((network) => create(network, []));
    for (const network of networks) {
      if (network.subnet === undefined) create(network, fixed);
    }
  }

  /** A network of this host. Every stack of the host may use it; none of them owns it. */
  network(name: string): SharedNetwork {
    return found(this.#networks, name, "network");
  }

  /** The image as a container is made from it: its exact bytes. */
  image(reference: string): string {
    const digest = this.#args.lock.images[reference];
    if (digest === undefined)
      throw new Error(`"${reference}" has no digest in the image lock file`);
    return pinned(reference, digest);
  }

  /** The user that reads files mounted into an image, "uid:gid". */
  readerOf(reference: string): string {
    return readerOf(reference, this.#args.contracts);
  }

  /** What the label of a service's container says, and why; undefined before it was deployed. */
  anew(service: string): MadeAnew | undefined {
    return this.#anew.services.get(service);
  }

  /** A secret of the stack's config. */
  secret(name: SecretName): pulumi.Output<string> {
    return this.#args.secret(name);
  }

  /** A value that the stack knows, and no declaration. */
  value(name: string): pulumi.Output<string> {
    const value = this.#args.values?.[name];
    if (value === undefined) throw new Error(`nobody hands over "${name}" to ${this.alias}`);
    return pulumi.output(value);
  }

  /**
   * Holds services back: what is made of them from now on comes after a resource that ends the
   * deployment with an error, see endWithHeld, and so is not touched. Call it before the first of
   * them is made.
   */
  hold(services: Iterable<string>): void {
    this.#held = new Set(services);
  }

  /** Whether a service of this host is held back. */
  isHeld(service: string): boolean {
    const target = requirementTarget(this.declaration.host, service);
    return this.#held.has(target.slice(this.declaration.host.length + 1));
  }

  /** What a service has to wait for besides what it requires. */
  barrier(service: string): pulumi.Input<pulumi.Resource>[] {
    return this.isHeld(service) ? [this.#end.reported] : [];
  }

  /** Records what has to be done, besides services and gates, before a deployment may end early. */
  finish(of: string, resource: pulumi.Resource): void {
    if (!this.isHeld(of)) this.#besides.push(resource);
  }

  /**
   * Makes the resource that what is held back waits for.
   * @param make gets all that has to be done before it
   */
  endWithHeld(make: (dependsOn: pulumi.Resource[]) => pulumi.Resource): void {
    this.#end.report(make(this.done()));
  }

  /** What a deployment does on this host, as far as nothing holds it back. */
  done(): pulumi.Resource[] {
    const ready = [...this.#ready]
      .filter(([target]) => !this.isHeld(target))
      .map(([, resource]) => resource);
    return [...ready, ...this.#besides];
  }

  /** Whether a service or gate of this host was realised already. */
  isRealised(on: string): boolean {
    return this.#ready.has(requirementTarget(this.declaration.host, on));
  }

  /** Records what the dependents of a service or gate have to wait for. */
  announce(on: string, ready: pulumi.Resource): void {
    this.#ready.set(requirementTarget(this.declaration.host, on), ready);
  }

  /**
   * What to wait for, for a requirement on this host; undefined for one on another host, which
   * was deployed before.
   */
  ready(on: string): pulumi.Resource | undefined {
    const target = requirementTarget(this.declaration.host, on);
    if (!target.startsWith(`${this.declaration.host}/`)) return undefined;
    return found(this.#ready, target, "realised service or gate");
  }
}

function pendingEnd() {
  let report: (end: pulumi.Resource) => void = () => undefined;
  const reported = new Promise<pulumi.Resource>((resolve) => {
    report = resolve;
  });
  return { reported, report: (end: pulumi.Resource) => report(end) };
}

function found<T>(map: ReadonlyMap<string, T>, name: string, kind: string): T {
  const value = map.get(name);
  if (value === undefined) {
    throw new Error(`"${name}" is no ${kind} yet; it has to stand before what needs it`);
  }
  return value;
}
