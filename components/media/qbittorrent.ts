import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * qBittorrent, the download client. Needs the NAS's downloads.
 *
 * @example
 * new QBittorrent("qbittorrent", { host, plan: qbittorrentPlan(site) });
 */
export class QBittorrent extends App {
  /** Client and its web page. */
  readonly client: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:media:QBittorrent", name, args, opts);
    this.client = this.service("qbittorrent");
    this.registerOutputs({});
  }
}
