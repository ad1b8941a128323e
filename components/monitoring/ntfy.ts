import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * ntfy, which carries alerts to the phones. Users, rights and the token are declared.
 */
export class Ntfy extends App {
  /** The server; healthy once it says so itself. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:Ntfy", name, args, opts);
    this.server = this.service("ntfy");
    this.registerOutputs({});
  }
}
