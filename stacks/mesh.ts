import * as pulumi from "@pulumi/pulumi";
import type { App } from "../components/core/app.ts";
import type { Host } from "../components/core/host.ts";
import { writeToken } from "../components/core/host-files.ts";
import { headscaleAddress } from "../components/networking/headscale-config.plan.ts";
import { Headscale } from "../components/apps.ts";
import { trustAuthority } from "../components/networking/mesh-node.ts";
import {
  TAILSCALE_SERVER,
  tailnetDns,
  tailnetPolicy,
} from "../components/networking/tailnet.plan.ts";
import { Tailnet, type TailnetAccess } from "../components/networking/tailnet.ts";
import { appNamed } from "../household/phase.ts";
import { PROXIES } from "../household/proxies.ts";
import { HOSTS, hostWith } from "../model/host-names.ts";
import type { StackContext } from "./context.ts";
import { knownValue } from "./known-value.ts";
import type { MeshGate, RealisedGate } from "./host-gates.ts";
import { realiseMesh } from "./realise.ts";

/** What coordinates the mesh, as the coordinator's stack made it. */
export interface Coordination {
  /** Apps of the host that are made already. */
  readonly realised: readonly string[];
  /** The coordinator's own gates behind it. */
  readonly gates: readonly MeshGate[];
  /** The tailnet, where Tailscale coordinates. */
  readonly tailnet?: Tailnet;
  /** Address of the coordinator, known once others can join. */
  readonly coordinator: pulumi.Output<string>;
}

/** On the coordinator: sets up the mesh, and makes the host its first member. */
export async function coordinateMesh(host: Host, context: StackContext): Promise<Coordination> {
  const { site, fleet } = context;
  const token = writeToken(host.observation.mesh);
  if (site.mesh.coordinator === "headscale") {
    const plan = appNamed(fleet[context.host].apps, "headscale");
    const headscale = new Headscale("headscale-app", { host, plan });
    const coordinator = headscaleAddress(site);
    const gates = realiseMesh(host, context, { coordinator, token }, [headscale]);
    const running = headscale.server.containerId;
    return { realised: ["headscale"], gates, coordinator: running.apply(() => coordinator) };
  }
  const tailnet = await openTailnet(host, site.mesh.tailnet);
  const declarations = HOSTS.map((one) => fleet[one].declaration);
  const policy = tailnet.setPolicy(tailnetPolicy(site, declarations));
  const key = tailnet.createKey(token, [policy]);
  const gates = realiseMesh(host, context, { coordinator: TAILSCALE_SERVER, token, key });
  return { realised: [], gates, tailnet, coordinator: policy.id.apply(() => TAILSCALE_SERVER) };
}

/**
 * On the coordinator, once its apps are made: its AdGuard answers for a tailnet, and the host
 * trusts the authority in its own proxy, behind which the relays lie.
 */
export function openMesh(
  host: Host,
  { site }: StackContext,
  { gates, tailnet }: Coordination,
  apps: ReadonlyMap<string, App>,
): void {
  const adguard = apps.get("adguard");
  if (adguard) tailnet?.setDns(tailnetDns(site), [adguard]);
  const proxy = apps.get(PROXIES.coordinator.service);
  const { issuer } = site.certificates[hostWith("coordinator")];
  if (proxy && tailnet === undefined && issuer === "internal") {
    const dependsOn = [proxy, ...gates.map(({ enrolment }) => enrolment)];
    trustAuthority(host, PROXIES.coordinator, { dependsOn });
  }
}

/** On the other hosts: makes the host a member, if the coordinator's stack has set up the mesh. */
export async function joinMesh(host: Host, context: StackContext): Promise<RealisedGate[]> {
  const { mesh } = context.site;
  const token = writeToken(host.observation.mesh);
  const coordinator = context.outputIfAny(hostWith("coordinator"), "meshCoordinator");
  if (mesh.coordinator === "headscale") {
    return realiseMesh(host, context, { coordinator, token });
  }
  // Without the coordinator's stack the tag has no owner, and Tailscale would refuse a key for it.
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

/** The stack's own config alone; it was checked before (tailnet-access.plan.ts). */
function accessOf(config: pulumi.Config): TailnetAccess {
  const apiKey = config.getSecret("apiKey");
  if (apiKey) return { apiKey };
  return {
    oauthClientId: config.require("oauthClientId"),
    oauthClientSecret: config.requireSecret("oauthClientSecret"),
  };
}
