import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Authelia, which Caddy asks before it lets a visitor into a protected site; with its backup.
 * Starts after Caddy:
 * `new Authelia("docker-vm-authelia", { host, plan: autheliaPlan(site, { protectedNames }) })`.
 */
export class Authelia extends App {
  /** The portal and the check behind it; healthy once its API says so. */
  readonly portal: Service;
  /** Copies second factors and sessions each night. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:auth:Authelia", name, args, opts);
    this.portal = this.service("authelia");
    this.backup = this.service("authelia-backup");
    this.registerOutputs({});
  }
}
