import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Grafana, the dashboards over VictoriaMetrics. Trusts the name that Authelia passes on.
 *
 * @example
 * new Grafana("grafana", { host, plan: grafanaPlan(site) });
 */
export class Grafana extends App {
  /** Web page and API. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:Grafana", name, args, opts);
    this.server = this.service("grafana");
    this.registerOutputs({});
  }
}
