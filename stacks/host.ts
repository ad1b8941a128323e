import { writeExternalFiles } from "../components/core/external-files.ts";
import type { Host } from "../components/core/host.ts";
import { watchHost } from "../components/core/watch.ts";
import { uptimeSettings } from "../components/monitoring/uptime-monitors.plan.ts";
import { UptimeKuma } from "../components/monitoring/uptime-kuma.ts";
import { COOLIFY_OWNER } from "../components/paas/coolify.plan.ts";
import { hasRole, HOSTS } from "../model/host-names.ts";
import { settingsFor } from "../programs/uptime/settings.ts";
import type { StackContext } from "./context.ts";
import { controlPlaneValues, expectPortIsFree } from "./control-plane.ts";
import { holdBack } from "./host-gates.ts";
import { coordinateMesh, joinMesh, openMesh } from "./mesh.ts";
import { realiseApps, realiseGates, realiseHost } from "./realise.ts";
import { copiesValue, makeGround, storageOutputs } from "./storage.ts";

/**
 * The host of a stack: what every host has, and what its roles add.
 * @returns the stack's outputs
 */
export async function realiseStack(context: StackContext): Promise<Record<string, unknown>> {
  const { apps: planned, declaration } = context.fleet[context.host];
  const coordinates = hasRole(context.host, "coordinator");
  if (coordinates) expectPortIsFree(context);
  const host = realiseHost(context, {
    ...copiesValue(context),
    ...(coordinates && controlPlaneValues(context)),
  });
  const gates = realiseGates(host, context, makeGround(host, context));

  // The coordinator first of all: every host's mesh address comes from it.
  const coordination = coordinates ? await coordinateMesh(host, context) : undefined;
  const membership = coordination?.gates ?? (await joinMesh(host, context));
  const finish = await holdBack(host, context, [...gates, ...membership]);

  const realised = coordination?.realised ?? [];
  const others = Object.entries(planned).filter(([name]) => !realised.includes(name));
  const apps = realiseApps(host, Object.fromEntries(others), {
    "uptime-kuma": (name, plan) => {
      const declarations = HOSTS.map((one) => context.fleet[one].declaration);
      const declared = uptimeSettings(context.site, declarations);
      return new UptimeKuma(name, {
        host,
        plan,
        program: context.uptimeProgram,
        settings: (secrets) => settingsFor(declared(secrets)),
      });
    },
  });
  if (coordination) openMesh(host, context, coordination, apps);
  writeUnitFiles(host, context);

  watchHost("boot-watch", host, context.bootProgram);
  finish();
  return {
    services: declaration.services.length,
    ...storageOutputs(context, apps),
    // From here on the other hosts can join.
    ...(coordination && { meshCoordinator: coordination.coordinator }),
  };
}

/** The sites that a proxy serves which an installer of its own brought, if there are any. */
function writeUnitFiles(host: Host, context: StackContext): void {
  for (const unit of context.fleet[context.host].declaration.externals ?? []) {
    if (unit.files === undefined) continue;
    const observedToken = context.observation.files[unit.name];
    const args = { alias: host.alias, unit, owner: COOLIFY_OWNER, observedToken };
    writeExternalFiles(`${unit.name}-files`, args, { parent: host });
  }
}
