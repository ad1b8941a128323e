import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * vmagent, which reads the metrics of all services and hosts and sends them to VictoriaMetrics;
 * what it cannot send waits in a volume.
 *
 * @example
 * new VmAgent("vmagent", { host, plan: vmagentPlan(site, { targets }) });
 */
export class VmAgent extends App {
  /** The agent. */
  readonly agent: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:VmAgent", name, args, opts);
    this.agent = this.service("vmagent");
    this.registerOutputs({});
  }
}
