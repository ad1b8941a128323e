import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Dozzle, which shows the containers' logs; reads the engine's socket, starts after Caddy:
 * `new Dozzle("docker-vm-dozzle", { host, plan: dozzlePlan(site) })`.
 */
export class Dozzle extends App {
  /** The web page; healthy by its own check. */
  readonly page: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:tools:Dozzle", name, args, opts);
    this.page = this.service("dozzle");
    this.registerOutputs({});
  }
}
