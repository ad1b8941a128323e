import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Syncthing: keeps folders of phones and laptops the same as those on the NAS.
 */
export class Syncthing extends App {
  /** The server; healthy once its own check says so. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:storage:Syncthing", name, args, opts);
    this.server = this.service("syncthing");
    this.registerOutputs({});
  }
}
