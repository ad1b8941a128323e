import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Sends every restic repository and Headscale's copies away each night. rclone and ssh are set up\nonce by a person, in the volumes rclone-config and offsite-ssh.
 */
export class OffsiteSync extends App {
  /** Healthy while its scheduler lives and the last run that was due succeeded. */
  readonly job: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:backup:OffsiteSync", name, args, opts);
    this.job = this.service("offsite-sync");
    this.registerOutputs({});
  }
}
