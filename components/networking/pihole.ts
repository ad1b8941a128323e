import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Pi-hole, the DNS of the home network, with its backup. It needs nothing and comes first:
 * `new Pihole("docker-vm-pihole", { host, plan: piholePlan(site, { names }) })`.
 */
export class Pihole extends App {
  /** The resolver; healthy once it answers a query. */
  readonly resolver: Service;
  /** Copies its settings and block lists each night. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:Pihole", name, args, opts);
    this.resolver = this.service("pihole");
    this.backup = this.service("pihole-backup");
    this.registerOutputs({});
  }
}
