import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/** Copies what a VPS without Headscale keeps to the NAS each night. */
export class VpsBackup extends App {
  /** Healthy while its scheduler lives and the last run that was due succeeded. */
  readonly job: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:backup:VpsBackup", name, args, opts);
    this.job = this.service("vps-backup");
    this.registerOutputs({});
  }
}
