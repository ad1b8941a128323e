import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * AdGuard Home with Unbound behind it: DNS for the mesh and for the VPS itself. It listens on the
 * mesh address, so it waits for the mesh.
 */
export class Adguard extends App {
  /** Resolves from the root; has a fixed address. */
  readonly resolver: Service;
  /** Filters and knows the names at home; healthy once its page answers. */
  readonly filter: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:Adguard", name, args, opts);
    this.resolver = this.service("unbound");
    this.filter = this.service("adguard");
    this.registerOutputs({});
  }
}
