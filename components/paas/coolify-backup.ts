import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * The nightly copy of Coolify's dumps, keys and settings. Coolify itself is no container of ours:\nsee coolifyUnit in coolify.plan.ts.
 */
export class CoolifyBackup extends App {
  /** Healthy while its scheduler lives and the last run that was due succeeded. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:paas:CoolifyBackup", name, args, opts);
    this.backup = this.service("coolify-backup");
    this.registerOutputs({});
  }
}
