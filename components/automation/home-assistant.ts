import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Home Assistant with its backup; needs a healthy Mosquitto on the same host:
 * `new HomeAssistant("docker-vm-home-assistant", { host, plan: homeAssistantPlan(site) })`.
 */
export class HomeAssistant extends App {
  /** The server; healthy once its web page is served. */
  readonly server: Service;
  /** Copies the configuration each night, without the recorder's database. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:automation:HomeAssistant", name, args, opts);
    this.server = this.service("homeassistant");
    this.backup = this.service("homeassistant-backup");
    this.registerOutputs({});
  }
}
