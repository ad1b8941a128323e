import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * VictoriaMetrics, which keeps 90 days of metrics.
 *
 * @example
 * new VictoriaMetrics("victoriametrics", { host, plan: victoriametricsPlan(site) });
 */
export class VictoriaMetrics extends App {
  /** The store; answers queries on port 8428. */
  readonly store: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:VictoriaMetrics", name, args, opts);
    this.store = this.service("victoriametrics");
    this.registerOutputs({});
  }
}
