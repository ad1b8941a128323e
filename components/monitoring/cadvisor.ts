import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * cAdvisor, which measures every container of the host.
 *
 * @example
 * new CAdvisor("cadvisor", { host, plan: cadvisorPlan(site) });
 */
export class CAdvisor extends App {
  /** The exporter. */
  readonly exporter: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:CAdvisor", name, args, opts);
    this.exporter = this.service("cadvisor");
    this.registerOutputs({});
  }
}
