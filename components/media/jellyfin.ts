import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Jellyfin, which plays the NAS's films and series. Needs the NAS's media, and uses the graphics
 * device where there is one.
 *
 * @example
 * new Jellyfin("jellyfin", { host, plan: jellyfinPlan(site) });
 */
export class Jellyfin extends App {
  /** Web page and API. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:media:Jellyfin", name, args, opts);
    this.server = this.service("jellyfin");
    this.registerOutputs({});
  }
}
