import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * The relay of the mesh, behind Caddy. It asks Headscale whom it may serve.
 */
export class Derp extends App {
  /** The relay; healthy once it answers over HTTP. */
  readonly relay: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:Derp", name, args, opts);
    this.relay = this.service("derp");
    this.registerOutputs({});
  }
}
