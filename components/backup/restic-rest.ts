import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * The restic REST server that every backup job sends to.
 *
 * On the NAS it comes first, since the jobs of all hosts need it; `new ResticRest("nas-restic-rest",
 * { host, plan: resticRestPlan(site, { host: "nas" }) })`.
 */
export class ResticRest extends App {
  /** The server; healthy once it asks for a login. */
  readonly server: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:backup:ResticRest", name, args, opts);
    this.server = this.service("restic-rest");
    this.registerOutputs({});
  }
}
