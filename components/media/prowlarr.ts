import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Prowlarr, which keeps the indexers of Sonarr and Radarr.
 *
 * @example
 * new Prowlarr("prowlarr", { host, plan: prowlarrPlan(site) });
 */
export class Prowlarr extends App {
  /** Web page and API. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:media:Prowlarr", name, args, opts);
    this.server = this.service("prowlarr");
    this.registerOutputs({});
  }
}
