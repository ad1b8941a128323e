import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Homepage, the start page, made from the tiles of all services; starts after Caddy:
 * `new Homepage("docker-vm-homepage", { host, plan: homepagePlan(site, { tiles }) })`.
 */
export class Homepage extends App {
  /** The web page; healthy by its own check. */
  readonly page: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:tools:Homepage", name, args, opts);
    this.page = this.service("homepage");
    this.registerOutputs({});
  }
}
