import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Caddy, the reverse proxy of the home, with its backup. Its sites come from the routes of all
 * services: `new Caddy("docker-vm-caddy", { host, plan: caddyPlan(site, { sites }) })`.
 */
export class Caddy extends App {
  /** The proxy; healthy once its configuration is loaded and port 443 is open. */
  readonly proxy: Service;
  /** Copies certificates and the ACME account each night. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:Caddy", name, args, opts);
    this.proxy = this.service("caddy");
    this.backup = this.service("caddy-backup");
    this.registerOutputs({});
  }
}
