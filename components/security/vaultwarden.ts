import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Vaultwarden, the household's passwords, with its backup; runs without any other service:
 * `new Vaultwarden("docker-vm-vaultwarden", { host, plan: vaultwardenPlan(site) })`.
 */
export class Vaultwarden extends App {
  /** The server; healthy once it is alive and its database open. */
  readonly server: Service;
  /** Copies the vault each night. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:security:Vaultwarden", name, args, opts);
    this.server = this.service("vaultwarden");
    this.backup = this.service("vaultwarden-backup");
    this.registerOutputs({});
  }
}
