import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Glances on the NAS: load, disks and temperatures as an API for Home Assistant.
 */
export class Glances extends App {
  /** The API; healthy once it knows the processor. */
  readonly api: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:Glances", name, args, opts);
    this.api = this.service("glances");
    this.registerOutputs({});
  }
}
