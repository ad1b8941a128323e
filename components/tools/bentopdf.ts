import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * BentoPDF, PDF tools in the browser; keeps nothing, starts after Caddy:
 * `new BentoPdf("docker-vm-bentopdf", { host, plan: bentopdfPlan(site) })`.
 */
export class BentoPdf extends App {
  /** The web page; healthy once it is served. */
  readonly page: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:tools:BentoPdf", name, args, opts);
    this.page = this.service("bentopdf");
    this.registerOutputs({});
  }
}
