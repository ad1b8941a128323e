import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Forgejo, the household's git server, with its nightly copy.
 */
export class Forgejo extends App {
  /** The server; healthy once its own check says so. */
  readonly server: Service;
  /** Copies repositories and database each night. */
  readonly backup: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:git:Forgejo", name, args, opts);
    this.server = this.service("forgejo");
    this.backup = this.service("forgejo-backup");
    this.registerOutputs({});
  }
}
