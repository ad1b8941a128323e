import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Sonarr, which collects series. Needs Prowlarr for its indexers and the NAS's media and downloads.
 *
 * @example
 * new Sonarr("sonarr", { host, plan: sonarrPlan(site) });
 */
export class Sonarr extends App {
  /** Web page and API. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:media:Sonarr", name, args, opts);
    this.server = this.service("sonarr");
    this.registerOutputs({});
  }
}
