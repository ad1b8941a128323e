import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Samba: the NAS's folders for computers in the home network.
 */
export class Samba extends App {
  /** The server; healthy once it lists its shares. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:storage:Samba", name, args, opts);
    this.server = this.service("samba");
    this.registerOutputs({});
  }
}
