import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Watchtower, which changes nothing. It would report new images under a tag that a container has,
 * but ours have digests: `npx homelab images lock --update` says which tags moved. Starts last.
 *
 * @example
 * new Watchtower("watchtower", { host, plan: watchtowerPlan(site, { after: names }) });
 */
export class Watchtower extends App {
  /** Asks the registries on Sundays at 04:00. */
  readonly watcher: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:maintenance:Watchtower", name, args, opts);
    this.watcher = this.service("watchtower");
    this.registerOutputs({});
  }
}
