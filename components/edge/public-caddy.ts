import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Caddy on the VPS: HTTPS for what the internet may reach. Its sites come from the routes of all
 * services; it comes after AdGuard.
 */
export class PublicCaddy extends App {
  /** The proxy; healthy once its configuration is loaded and port 443 is open. */
  readonly proxy: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:PublicCaddy", name, args, opts);
    this.proxy = this.service("caddy");
    this.registerOutputs({});
  }
}
