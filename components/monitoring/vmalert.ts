import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * vmalert, which evaluates the alert rules over VictoriaMetrics and tells Alertmanager.
 *
 * @example
 * new VmAlert("vmalert", { host, plan: vmalertPlan(site, { services }) });
 */
export class VmAlert extends App {
  /** The evaluator. */
  readonly rules: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:VmAlert", name, args, opts);
    this.rules = this.service("vmalert");
    this.registerOutputs({});
  }
}
