import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppPlan } from "../../model/declaration.ts";
import { createDataVolume } from "./data-volume.ts";
import type { Host } from "./host.ts";
import { Service } from "./service.ts";

/** Arguments of every app component. */
export interface AppArgs {
  /** The host it runs on. */
  readonly host: Host;
  /** What it is made of, from the app's own planner. */
  readonly plan: AppPlan;
}

/**
 * Base of all apps: realises the volumes and services of a plan, in the plan's order. It exists
 * so that an app's own class only says what the app is and which services others may use.
 */
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
  protected service(name: string): Service {
    const service = this.#services.get(name);
    if (!service) throw new Error(`the plan has no service "${name}"`);
    return service;
  }
}
