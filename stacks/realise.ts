import * as pulumi from "@pulumi/pulumi";
import { NODE_MAJOR } from "../boot/bundle.ts";
import { longestRunSeconds } from "../boot/start-plan.ts";
import { createBootOrchestrator } from "../components/core/boot-orchestrator.ts";
import { createGate } from "../components/core/gate.ts";
import { Host } from "../components/core/host.ts";
import { writePlanFile } from "../components/core/plan-file.ts";
import { hostPlan } from "../model/host-plan.ts";
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
    },
    { parent: host },
  );
  return host;
}

/**
 * Realises the host's gates. One that a service cannot run without stops the deployment when it
 * stays closed; the others say so and let it go on.
 */
export function realiseGates(
  host: Host,
  context: StackContext,
  dependsOn: pulumi.Resource[],
): void {
  const { declaration } = context.fleet[context.host];
  const hard = new Set(
    declaration.services
      .flatMap((service) => service.requires ?? [])
      .filter((requirement) => requirement.strength === "hard")
      .map((requirement) => requirement.on),
  );
  for (const gate of hostPlan(declaration, context.lock, "").gates) {
    const on = `gate:${gate.name}`;
    const args = { alias: host.alias, gate, hard: hard.has(on) };
    host.announce(on, createGate(`gate-${gate.name}`, args, { parent: host, dependsOn }));
  }
}

/** Writes the host plan once everything else stands. */
export function finishHost(host: Host, context: StackContext, everything: pulumi.Resource[]): void {
  const { declaration } = context.fleet[context.host];
  const { commit: _commit, ...plan } = hostPlan(declaration, context.lock, "");
  writePlanFile("host-plan", { alias: host.alias, plan }, { parent: host, dependsOn: everything });
}
