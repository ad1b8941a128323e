/** What the plugins built here are known to lack against the npm packages, each with its reason. */

/** Resources and functions that no built plugin serves. */
export const absent: Readonly<Record<string, string>> = {
  "docker:index/image:Image":
    "builds images; it is not part of the Terraform provider, and the homelab builds none with Pulumi",
};

/** Look-ups of Hetzner Cloud are not compared: the homelab calls none of them. */
export function outOfScope(token: string): boolean {
  return /^hcloud:index\/get/.test(token);
}

/** Lines that a plugin lacks or adds, by the resource's token. */
export interface Difference {
  readonly lacks: readonly string[];
  readonly adds: readonly string[];
}

/**
 * All in hcloud: its plugin is built over release 1.60.1 of the provider, the newest to be had as a
 * Go module, and the package is made from a later one. A program that uses what is listed under
 * `lacks` needs the official plugin.
 */
export const differing: Readonly<Record<string, Difference>> = {
  "hcloud:index/loadBalancerService:LoadBalancerService": {
    lacks: ["in  http.timeoutIdle?: number", "out http.timeoutIdle: number"],
    adds: [],
  },
  "hcloud:index/primaryIp:PrimaryIp": {
    lacks: [
      "in  assigneeType?: string",
      "in  autoDelete?: boolean",
      "out deleteProtection: boolean",
      "out labels: map<string>",
    ],
    adds: [
      "in  assigneeType: string",
      "in  autoDelete: boolean",
      "out deleteProtection?: boolean",
      "out labels?: map<string>",
    ],
  },
  "hcloud:index/server:Server": {
    lacks: [
      "in  networks.networkId?: number",
      "in  networks.subnetId?: string",
      "out image: string",
      "out networks.subnetId: string",
    ],
    adds: ["in  networks.networkId: number", "out image?: string"],
  },
};
