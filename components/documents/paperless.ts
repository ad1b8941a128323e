import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Paperless-ngx, the document archive, with its PostgreSQL, its Redis queue and its backup job.
 *
 * @example
 * new Paperless("paperless", { host, plan: paperlessPlan(site) });
 */
export class Paperless extends App {
  /** The web page; healthy once it shows the sign-in page. */
  readonly web: Service;
  /** PostgreSQL; its role has the password of the secret, also after a rotation. */
  readonly database: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:documents:Paperless", name, args, opts);
    this.web = this.service("paperless-ngx");
    this.database = this.service("paperless-db");
    this.registerOutputs({});
  }
}
