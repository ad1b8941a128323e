import { uptimeSettings } from "../components/monitoring/uptime-monitors.plan.ts";
import { UptimeKuma } from "../components/monitoring/uptime-kuma.ts";
import { trustCaddy } from "../components/networking/mesh-node.ts";
import { tailnetDns } from "../components/networking/tailnet.plan.ts";
import { HOSTS } from "../model/host-names.ts";
import { watchHost } from "../components/core/watch.ts";
import type { StackContext } from "./context.ts";
import { controlPlaneValues, expectPortIsFree } from "./control-plane.ts";
import { coordinateMesh } from "./mesh.ts";
import { holdBack } from "./host-gates.ts";
import { realiseApps, realiseGates, realiseHost } from "./realise.ts";

/** The VPS: the mesh's coordinator first, because every host's mesh address comes from it. */
export async function vps(context: StackContext): Promise<Record<string, unknown>> {
  expectPortIsFree(context);
  const host = realiseHost(context, controlPlaneValues(context));
  const gates = realiseGates(host, context, []);

  // 1. the mesh's coordinator, and this host as its first member
  const mesh = await coordinateMesh(host, context);
  const finish = await holdBack(host, context, [...gates, ...mesh.gates]);

  // 2. all others
  const { headscale: _realised, ...others } = context.fleet.vps.apps;
  const apps = realiseApps(host, others, {
    "uptime-kuma": (name, plan) =>
      new UptimeKuma(name, {
        host,
        plan,
        program: context.uptimeProgram,
        settings: uptimeSettings(
          context.site,
          HOSTS.map((one) => context.fleet[one].declaration),
        ),
      }),
  });
  const adguard = apps.get("adguard");
  if (adguard) mesh.tailnet?.setDns(tailnetDns(context.site), [adguard]);
  const caddy = apps.get("caddy");
  const ownRelay = mesh.tailnet === undefined;
  if (caddy && ownRelay && context.site.certificates.vps.issuer === "internal") {
    trustCaddy(host, { dependsOn: [caddy] });
  }

  watchHost("boot-watch", host, context.bootProgram);
  finish();
  return {
    services: context.fleet.vps.declaration.services.length,
    // From here on the other hosts can join.
    meshCoordinator: mesh.coordinator,
  };
}
