import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Immich, the photo library: server, machine learning, PostgreSQL with VectorChord, Valkey, and a
 * backup job for the database. Needs the NAS's photos for its external library.
 *
 * @example
 * new Immich("immich", { host, plan: immichPlan(site) });
 */
export class Immich extends App {
  /** Web page and API. */
  readonly server: Service;
  /** PostgreSQL; its role has the password of the secret, also after a rotation. */
  readonly database: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:photos:Immich", name, args, opts);
    this.server = this.service("immich-server");
    this.database = this.service("immich-db");
    this.registerOutputs({});
  }
}
