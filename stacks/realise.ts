import * as pulumi from "@pulumi/pulumi";
import { NODE_MAJOR } from "../boot/bundle.ts";
import { longestRunSeconds } from "../boot/start-plan.ts";
import { createBootOrchestrator } from "../components/core/boot-orchestrator.ts";
import { createGate } from "../components/core/gate.ts";
import { Host } from "../components/core/host.ts";
import { writePlanFile } from "../components/core/plan-file.ts";
import { MeshNode, type MeshNodeArgs } from "../components/networking/mesh-node.ts";
import { hostPlan, type PlannedGate } from "../model/host-plan.ts";
import { engineStopSeconds } from "../model/stop-time.ts";
import type { StackContext } from "./context.ts";

/** The host of this stack: provider, networks, images, and what starts its containers at boot. */
export function realiseHost(
  context: StackContext,
  values: Readonly<Record<string, pulumi.Input<string>>> = {},
): Host {
  const { declaration } = context.fleet[context.host];
  const { observation, lock, secret } = context;
  const host = new Host(context.host, { declaration, observation, lock, secret, values });
  createBootOrchestrator(
    "boot-orchestrator",
    host,
    {
      program: context.bootProgram,
      nodeMajor: NODE_MAJOR,
      startTimeoutSeconds: longestRunSeconds(hostPlan(declaration, lock, "")),
      stopTimeoutSeconds: engineStopSeconds(declaration.services),
    },
    { parent: host },
  );
  return host;
}

/** Makes the host a member of the mesh. Its mesh gate comes with it. */
export function realiseMesh(
  host: Host,
  context: StackContext,
  membership: Pick<MeshNodeArgs, "coordinator" | "token" | "key">,
  dependsOn: pulumi.Resource[] = [],
): void {
  for (const { gate, hard } of gatesOf(context)) {
    if (gate.condition.kind !== "mesh") continue;
    const args = { host, site: context.site, gate, hard, ...membership };
    new MeshNode("mesh", args, { dependsOn });
  }
}

/**
 * Realises the host's other gates. One that a service cannot run without stops the deployment
 * when it stays closed; the others say so and let it go on.
 */
export function realiseGates(
  host: Host,
  context: StackContext,
  dependsOn: pulumi.Resource[],
): void {
  for (const { gate, hard } of gatesOf(context)) {
    if (gate.condition.kind === "mesh") continue;
    const args = { alias: host.alias, gate, hard };
    const made = createGate(`gate-${gate.name}`, args, { parent: host, dependsOn });
    host.announce(`gate:${gate.name}`, made);
  }
}

/** The host's gates, and whether a service cannot run without each. */
function gatesOf(context: StackContext): { gate: PlannedGate; hard: boolean }[] {
  const { declaration } = context.fleet[context.host];
  const hard = new Set(
    declaration.services
      .flatMap((service) => service.requires ?? [])
      .filter((requirement) => requirement.strength === "hard")
      .map((requirement) => requirement.on),
  );
  const { gates } = hostPlan(declaration, context.lock, "");
  return gates.map((gate) => ({ gate, hard: hard.has(`gate:${gate.name}`) }));
}

/** Writes the host plan once everything else stands. */
export function finishHost(host: Host, context: StackContext, everything: pulumi.Resource[]): void {
  const { declaration } = context.fleet[context.host];
  const { commit: _commit, ...plan } = hostPlan(declaration, context.lock, "");
  writePlanFile("host-plan", { alias: host.alias, plan }, { parent: host, dependsOn: everything });
}
