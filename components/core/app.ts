import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppFacts, NamedServices } from "../../model/app.ts";
import type { AppPlan } from "../../model/declaration.ts";
import { createDataVolume } from "./data-volume.ts";
import type { Host } from "./host.ts";
import { Service } from "./service.ts";

/** Arguments of every app component. */
export interface AppArgs {
  /** The host it runs on. */
  readonly host: Host;
  /** What it is made of: the app with its options, e.g. `paperless(site)`. */
  readonly plan: AppPlan;
}

/** Base of all apps: realises the volumes and services of a plan, in the plan's order. */
export abstract class App extends pulumi.ComponentResource {
  readonly #services = new Map<string, Service>();

  constructor(
    type: `homelab:${string}:${string}`,
    name: string,
    args: AppArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, pulumi.mergeOptions({ parent: args.host }, opts));
    const volumes = new Map<string, docker.Volume>();
    for (const volume of args.plan.volumes) {
      volumes.set(volume.name, createDataVolume(volume, { parent: this }));
    }
    for (const declaration of args.plan.services) {
      const service = new Service(
        declaration.name,
        { host: args.host, declaration, volumes },
        { parent: this },
      );
      this.#services.set(declaration.name, service);
    }
  }

  /** A service of this app by its container name. */
  service(name: string): Service {
    const service = this.#services.get(name);
    if (!service) throw new Error(`the plan has no service "${name}"`);
    return service;
  }
}

/** Class of an app's component, with the services that others may use as its fields. */
export type AppComponent<Services extends NamedServices> = new (
  name: string,
  args: AppArgs,
  opts?: pulumi.ComponentResourceOptions,
) => App & { readonly [Field in keyof Services]: Service };

/**
 * The Pulumi component of an app, made from what its plan says of it. An app that makes more than
 * its containers extends it.
 *
 * @example
 * export const Paperless = appComponent(paperless);
 * new Paperless("paperless-app", { host, plan: paperless(site) }).web.ready;
 */
export function appComponent<Services extends NamedServices>({
  facts,
}: {
  readonly facts: AppFacts<Services>;
}): AppComponent<Services> {
  class Component extends App {
    constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
      super(facts.type, name, args, opts);
      const fields = Object.entries(facts.services);
      Object.assign(
        this,
        Object.fromEntries(fields.map(([field, of]) => [field, this.service(of)])),
      );
      if (new.target === Component) this.registerOutputs({});
    }
  }
  return Component as unknown as AppComponent<Services>;
}
