import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Pi-hole on the VPS, a second resolver on the loopback. It needs nothing.
 */
export class SecondaryPihole extends App {
  /** The resolver; healthy once it answers a query. */
  readonly resolver: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:SecondaryPihole", name, args, opts);
    this.resolver = this.service("pihole");
    this.registerOutputs({});
  }
}
