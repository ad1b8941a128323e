import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Radarr, which collects films. Needs Prowlarr for its indexers and the NAS's media and downloads.
 *
 * @example
 * new Radarr("radarr", { host, plan: radarrPlan(site) });
 */
export class Radarr extends App {
  /** Web page and API. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:media:Radarr", name, args, opts);
    this.server = this.service("radarr");
    this.registerOutputs({});
  }
}
