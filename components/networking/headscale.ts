import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Headscale, the coordinator of the mesh, with its hourly copy. It comes first on the VPS:
 * `new Headscale("vps-headscale", { host, plan: headscalePlan(site, { hosts }) })`.
 */
export class Headscale extends App {
  /** The coordinator; healthy once its own command line gets an answer. */
  readonly server: Service;
  /** Copies database, keys and configuration each hour. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:Headscale", name, args, opts);
    this.server = this.service("headscale");
    this.backup = this.service("headscale-backup");
    this.registerOutputs({});
  }
}
