import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Frigate, the cameras' recorder. Needs a healthy Mosquitto; the NAS's folder and the graphics
 * chip are waited for, not insisted on:
 * `new Frigate("docker-vm-frigate", { host, plan: frigatePlan(site) })`.
 */
export class Frigate extends App {
  /** The recorder; healthy once its API answers. */
  readonly recorder: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:security:Frigate", name, args, opts);
    this.recorder = this.service("frigate");
    this.registerOutputs({});
  }
}
