import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Mosquitto, the MQTT broker. Home Assistant and Frigate start when it is healthy:
 * `new Mosquitto("docker-vm-mosquitto", { host, plan: mosquittoPlan(site) })`.
 */
export class Mosquitto extends App {
  /** The broker; healthy once it answers an authenticated subscription. */
  readonly broker: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:automation:Mosquitto", name, args, opts);
    this.broker = this.service("mosquitto");
    this.registerOutputs({});
  }
}
