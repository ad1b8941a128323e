import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { HetznerServer } from "../../../components/machine/hetzner-server.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { rentedSite } from "../../support/rented-site.ts";
import { site } from "../../support/site.ts";

/**
 * The VPS's machine without its containers, so that a deployment of it can end without an error
 * although nobody answers there. `rent: false` is the site that has given the machine up.
 */
export function program(): Record<string, unknown> {
  const config = new pulumi.Config("homelab");
  const { machine } = declareFleet(config.get("rent") === "false" ? site : rentedSite).vps
    .declaration;
  if (!machine) return {};
  const { ipv4, ipv6 } = new HetznerServer("vps-machine", {
    sdk: hcloud,
    machine,
    token: config.requireSecret("hcloud-token"),
    meshClient: `${machine.meshClient}@sha256:${"0".repeat(64)}`,
  });
  return { ipv4, ipv6 };
}
