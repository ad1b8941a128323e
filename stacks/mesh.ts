import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../components/core/host.ts";
import { writeToken } from "../components/core/host-files.ts";
import { headscaleAddress } from "../components/networking/headscale-config.plan.ts";
import { Headscale } from "../components/apps.ts";
import { TAILSCALE_SERVER, tailnetPolicy } from "../components/networking/tailnet.plan.ts";
import { Tailnet, type TailnetAccess } from "../components/networking/tailnet.ts";
import { appNamed } from "../household/phase.ts";
import { HOSTS } from "../model/host-names.ts";
import type { StackContext } from "./context.ts";
import { knownValue } from "./known-value.ts";
import type { RealisedGate } from "./host-gates.ts";
import { realiseMesh } from "./realise.ts";

/** What coordinates the mesh, as the VPS's stack made it. */
export interface Coordination {
  /** The VPS's own gates behind it. */
  readonly gates: readonly RealisedGate[];
  /** The tailnet, where Tailscale coordinates. */
  readonly tailnet?: Tailnet;
  /** Address of the coordinator, known once others can join. */
  readonly coordinator: pulumi.Output<string>;
}

/** On the VPS: sets up the mesh's coordinator, and makes the VPS its first member. */
export async function coordinateMesh(host: Host, context: StackContext): Promise<Coordination> {
  const { site, fleet } = context;
  const token = writeToken(host.observation.mesh);
  if (site.mesh.coordinator === "headscale") {
    const plan = appNamed(fleet.vps.apps, "headscale");
    const headscale = new Headscale("headscale-app", { host, plan });
    const coordinator = headscaleAddress(site);
    const gates = realiseMesh(host, context, { coordinator, token }, [headscale]);
    const running = headscale.server.containerId;
    return { gates, coordinator: running.apply(() => coordinator) };
  }
  const tailnet = await openTailnet(host, site.mesh.tailnet);
  const declarations = HOSTS.map((one) => fleet[one].declaration);
  const policy = tailnet.setPolicy(tailnetPolicy(site, declarations));
  const key = tailnet.createKey(token, [policy]);
  const gates = realiseMesh(host, context, { coordinator: TAILSCALE_SERVER, token, key });
  return { gates, tailnet, coordinator: policy.id.apply(() => TAILSCALE_SERVER) };
}

/** On the other hosts: makes the host a member, if the VPS's stack has set up the coordinator. */
export async function joinMesh(host: Host, context: StackContext): Promise<RealisedGate[]> {
  const { mesh } = context.site;
  const token = writeToken(host.observation.mesh);
  const coordinator = context.outputIfAny("vps", "meshCoordinator");
  if (mesh.coordinator === "headscale") {
    return realiseMesh(host, context, { coordinator, token });
  }
  // Without the VPS's stack the tag has no owner, and Tailscale would refuse a key for it.
  if ((await knownValue(coordinator)) !== TAILSCALE_SERVER) {
    return realiseMesh(host, context, { coordinator: undefined, token });
  }
  const tailnet = await openTailnet(host, mesh.tailnet);
  return realiseMesh(host, context, { coordinator, token, key: tailnet.createKey(token) });
}

async function openTailnet(host: Host, tailnet: string): Promise<Tailnet> {
  // Loading it would make every preview of everybody else wait.
  const sdk = await import("@pulumi/tailscale");
  const access = accessOf(new pulumi.Config("tailscale"));
  return new Tailnet("tailnet", { host, sdk, tailnet, access });
}

/** The stack's own config alone; it was checked before (model/tailscale-access.ts). */
function accessOf(config: pulumi.Config): TailnetAccess {
  const apiKey = config.getSecret("apiKey");
  if (apiKey) return { apiKey };
  return {
    oauthClientId: config.require("oauthClientId"),
    oauthClientSecret: config.requireSecret("oauthClientSecret"),
  };
}
