import * as pulumi from "@pulumi/pulumi";
import { NODE_MAJOR } from "../programs/bundle.ts";
import { longestRunSeconds } from "../programs/boot/start-plan.ts";
import { writeActing } from "../components/core/acting.ts";
import { App } from "../components/core/app.ts";
import { guardData } from "../components/backup/data-guard.ts";
import { createBootOrchestrator } from "../components/core/boot-orchestrator.ts";
import { rememberFirstUser } from "../components/core/first-user.ts";
import { createGate } from "../components/core/gate.ts";
import { createHostFolders, HOST_FOLDERS_RECORD } from "../components/core/host-folders.ts";
import { Host } from "../components/core/host.ts";
import { PULL_STEP, pullImages } from "../components/core/images.ts";
import { writeToken } from "../components/core/host-files.ts";
import { writePlanFile } from "../components/core/plan-file.ts";
import { writeReporting } from "../components/core/reporting.ts";
import { unfinishedContainers, warnAboutUnfinished } from "../components/core/unfinished.ts";
import { MeshNode, type MeshNodeArgs } from "../components/networking/mesh-node.ts";
import { dataKeepers } from "../model/kept-data.ts";
import { hostPlan } from "../model/host-plan.ts";
import { lockedImages } from "../model/locked-images.ts";
import { PLAN_RECORD } from "../model/paths.ts";
import { engineStopSeconds } from "../model/stop-time.ts";
import type { DeclaredApp } from "../model/app.ts";
import { BACKUP_PROGRAM } from "../household/backup.ts";
import type { Apps } from "../household/phase.ts";
import { PROXIES } from "../household/proxies.ts";
import type { StackContext } from "./context.ts";
import { gatesOf, type MeshGate, type RealisedGate } from "./host-gates.ts";

/**
 * The host of this stack: provider, networks, images, and what starts its containers at boot, with
 * the plan by which it does.
 */
export function realiseHost(
  context: StackContext,
  values: Readonly<Record<string, pulumi.Input<string>>> = {},
): Host {
  const { declaration } = context.fleet[context.host];
  const { observation, lock, secret, withoutCopy } = context;
  const host = new Host(context.host, {
    declaration,
    observation,
    lock,
    contracts: declaration.contracts ?? [],
    secret,
    values,
  });
  host.images = pullImages(
    PULL_STEP,
    {
      alias: host.alias,
      images: lockedImages(declaration.services, lock),
      seen: observation.images,
    },
    { parent: host },
  );
  const { commit: _commit, ...plan } = hostPlan(declaration, lock, "");
  const orchestrator = createBootOrchestrator(
    "boot-orchestrator",
    host,
    {
      program: context.bootProgram,
      nodeMajor: NODE_MAJOR,
      startTimeoutSeconds: longestRunSeconds({ ...plan, commit: "" }),
      stopTimeoutSeconds: engineStopSeconds(declaration.services),
    },
    { parent: host },
  );
  const keepers = dataKeepers(declaration, lock, declaration.contracts ?? []);
  const guard = guardData("data-guard", host, {
    program: BACKUP_PROGRAM,
    host: context.host,
    keepers,
    withoutCopy,
  });
  const before: pulumi.Resource[] = [orchestrator, guard, ...foldersOf(host)];
  if ((declaration.renamingUser ?? []).length > 0) {
    before.push(rememberFirstUser(host, context.site.adminUser, { parent: host }));
  }
  const unfinished = unfinishedContainers(observation);
  warnAboutUnfinished(host, unfinished);
  const token = writeToken(unfinished.length > 0 ? undefined : observation.files[PLAN_RECORD]);
  host.planWritten = writePlanFile(
    PLAN_RECORD,
    { alias: host.alias, plan, token },
    { parent: host, dependsOn: before },
  );
  if (declaration.reporting) {
    const told = writeReporting("reporting", host, declaration.reporting, { parent: host });
    host.finish("reporting", told);
  }
  if (declaration.acting) {
    host.finish("acting", writeActing("acting", host, declaration.acting, { parent: host }));
  }
  return host;
}

/** The folders that the host's containers write, if there are any. */
function foldersOf(host: Host): pulumi.Resource[] {
  const { folders } = host.declaration;
  if (folders === undefined) return [];
  const observedToken = host.observation.files[HOST_FOLDERS_RECORD];
  return [
    createHostFolders(
      HOST_FOLDERS_RECORD,
      { alias: host.alias, folders, observedToken },
      { parent: host },
    ),
  ];
}

/**
 * The apps of a host, in start order. Which service waits for which stands in each app's plan; a
 * service that is not realised yet cannot be required, so the list cannot contradict the graph.
 * @param special makes those that need more than their plan
 */
export function realiseApps(
  host: Host,
  apps: Apps,
  special: Readonly<Record<string, (name: string, plan: DeclaredApp) => App>> = {},
): Map<string, App> {
  return new Map(
    Object.entries(apps).map(([name, plan]) => {
      const make = special[name] ?? ((as) => new App(as, { host, plan }));
      return [name, make(`${name}-app`, plan)];
    }),
  );
}

/** Makes the host a member of the mesh. Its mesh gate comes with it. */
export function realiseMesh(
  host: Host,
  context: StackContext,
  membership: Pick<MeshNodeArgs, "coordinator" | "token" | "key">,
  dependsOn: pulumi.Resource[] = [],
): MeshGate[] {
  return gatesOf(context)
    .filter(({ gate }) => gate.condition.kind === "mesh")
    .map((planned) => {
      const { gate, need } = planned;
      const args = {
        host,
        site: context.site,
        proxy: PROXIES.coordinator,
        gate,
        need,
        ...membership,
      };
      const { enrolment, gate: made } = new MeshNode("mesh", args, { dependsOn });
      return { ...planned, closed: made.closed, enrolment };
    });
}

/** Realises the host's other gates. */
export function realiseGates(
  host: Host,
  context: StackContext,
  dependsOn: pulumi.Resource[],
): RealisedGate[] {
  return gatesOf(context)
    .filter(({ gate }) => gate.condition.kind !== "mesh")
    .map((planned) => {
      const { gate, need } = planned;
      const observed = host.observation.conditions[gate.name];
      const args = { alias: host.alias, gate, need, observed };
      const made = createGate(`gate-${gate.name}`, args, { parent: host, dependsOn });
      host.announce(`gate:${gate.name}`, made.waited);
      return { ...planned, closed: made.closed };
    });
}
