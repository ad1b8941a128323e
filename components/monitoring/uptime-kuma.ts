import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Uptime Kuma, which asks the homelab from outside; its monitors come from the probes of all
 * services (uptime-monitors.plan.ts).
 */
export class UptimeKuma extends App {
  /** The monitor; healthy once its page answers. */
  readonly monitor: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:UptimeKuma", name, args, opts);
    this.monitor = this.service("uptime-kuma");
    this.registerOutputs({});
  }
}
