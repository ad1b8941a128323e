import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Alertmanager, which groups alerts and sends them to ntfy.
 *
 * @example
 * new Alertmanager("alertmanager", { host, plan: alertmanagerPlan(site) });
 */
export class Alertmanager extends App {
  /** The router of alerts. */
  readonly manager: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:monitoring:Alertmanager", name, args, opts);
    this.manager = this.service("alertmanager");
    this.registerOutputs({});
  }
}
