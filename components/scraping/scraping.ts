import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * changedetection.io with the browser it opens pages with.
 */
export class Scraping extends App {
  /** The browser, driven over WebSocket. */
  readonly browser: Service;
  /** Watches pages; healthy once its own page answers. */
  readonly watcher: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:scraping:Scraping", name, args, opts);
    this.browser = this.service("playwright");
    this.watcher = this.service("changedetection");
    this.registerOutputs({});
  }
}
