import * as pulumi from "@pulumi/pulumi";
import {
  closedMessage,
  closedWarning,
  reportClosedGates,
  type AbsentImage,
  type ClosedGate,
} from "../components/core/closed-gates.ts";
import { LONGEST_WAIT_SECONDS, type Gate } from "../components/core/gate.ts";
import type { Host } from "../components/core/host.ts";
import type { MeshNode } from "../components/networking/mesh-node.ts";
import type { ServiceDeclaration } from "../model/declaration.ts";
import { gateNeed, type GateNeed } from "../model/gate-need.ts";
import { heldServices } from "../model/held-services.ts";
import { hostPlan, type PlannedGate } from "../model/host-plan.ts";
import type { StackContext } from "./context.ts";
import { knownValue } from "./known-value.ts";

/** A gate of a host, and how much its services need it. */
export interface NeededGate {
  readonly gate: PlannedGate;
  readonly need: GateNeed;
}

/** A gate whose wait is part of the deployment. */
export type RealisedGate = NeededGate & Pick<Gate, "closed">;

/** The gate of the mesh, and what makes the host a member before. */
export type MeshGate = RealisedGate & Pick<MeshNode, "enrolment">;

/** The gates of the host of this stack. */
export function gatesOf(context: StackContext): NeededGate[] {
  const { declaration } = context.fleet[context.host];
  const { gates } = hostPlan(declaration, context.lock, "");
  return gates.map((gate) => ({ gate, need: gateNeed(declaration.services, gate.name) }));
}

/**
 * Holds back what cannot run behind a closed gate or without an image that cannot be had. Call it once
 * all gates are realised, before the first service that needs one. A gate that the host saw open, and
 * images while none is missing, are not waited for here. A preview only says what was seen: it cannot
 * know how a wait will end.
 *
 * @returns what ends the deployment; to be called when every service is made
 */
export async function holdBack(
  host: Host,
  context: StackContext,
  realised: readonly RealisedGate[],
): Promise<() => void> {
  const { conditions } = context.observation;
  const suspects = realised.filter(
    ({ gate, need }) => need === "hard" && conditions[gate.name]?.open === false,
  );
  const lacking = lackingServices(host, context);
  if (suspects.length === 0 && lacking.length === 0) return () => undefined;
  if (pulumi.runtime.isDryRun()) {
    const known = suspects.filter(({ gate }) => !isStillToBeMade(context, gate));
    if (wasDeployed(context) && known.length > 0) await warn(context, known);
    return () => undefined;
  }
  const [seen, failed] = await Promise.all([
    Promise.all(suspects.map(({ closed }) => knownValue(closed))),
    lacking.length === 0 ? undefined : host.images && knownValue(host.images.failed),
  ]);
  const closed = suspects.flatMap(({ gate }, index): Seen[] => {
    const why = seen[index];
    return why === undefined ? [] : [{ gate, seen: why }];
  });
  const absent = new Map(
    [...(failed ?? [])].filter(([image]) => lacking.some((service) => service.image === image)),
  );
  if (closed.length === 0 && absent.size === 0) return () => undefined;
  const { gates, images, held } = lacksOf(context, closed, absent);
  host.hold(held);
  return () => {
    host.endWithHeld((dependsOn) =>
      reportClosedGates("closed-gates", closedMessage(context.host, [...gates, ...images]), {
        parent: host,
        dependsOn,
      }),
    );
  };
}

/** Services whose image the host lacked. What the mesh needs of this host is made already. */
function lackingServices(host: Host, { host: name, fleet }: StackContext): ServiceDeclaration[] {
  const missing = new Set(host.images?.missing);
  return fleet[name].declaration.services.filter(
    (service) => missing.has(service.image) && !host.isRealised(service.name),
  );
}

interface Seen {
  readonly gate: PlannedGate;
  readonly seen: string;
}

/** Before a first deployment every gate is closed, and nobody has to be told. */
function wasDeployed({ observation }: StackContext): boolean {
  return Object.values(observation.containers).some(({ labelled }) => labelled);
}

/** A folder of the NAS that no deployment has waited for yet is made, or marked, by the next one. */
function isStillToBeMade({ observation }: StackContext, { name, condition }: PlannedGate): boolean {
  return condition.kind === "folder" && observation.conditions[name]?.last === undefined;
}

async function warn(context: StackContext, suspects: readonly NeededGate[]): Promise<void> {
  const seen = suspects.map(({ gate }) => ({
    gate,
    seen: context.observation.conditions[gate.name]?.seen ?? "",
  }));
  const { gates } = lacksOf(context, seen);
  await pulumi.log.warn(closedWarning(context.host, gates, LONGEST_WAIT_SECONDS.hard));
}

/** Gates that stayed closed and images that could not be had, and all services that cannot run so. */
function lacksOf(
  context: StackContext,
  closed: readonly Seen[],
  absent: ReadonlyMap<string, string> = new Map(),
): {
  readonly gates: readonly ClosedGate[];
  readonly images: readonly AbsentImage[];
  readonly held: readonly string[];
} {
  const { host, fleet } = context;
  const { declaration } = fleet[host];
  const names = new Set(closed.map(({ gate }) => gate.name));
  const held = heldServices(declaration, names, new Set(absent.keys()));
  const heldBy = (what: string): string[] =>
    [...held].flatMap(([name, behind]) => (behind.includes(what) ? [name] : []));
  const gates = closed.map(({ gate, seen }): ClosedGate => {
    const { name, remedy } = gate;
    return { kind: "gate", name, seen, remedy, holds: heldBy(name) };
  });
  const images = [...absent].map(([name, seen]): AbsentImage => {
    const remedy = `see that ${host} reaches its registry, and that it still has what the image lock names (\`npx homelab images lock\`); one that asks for a login is pulled by \`npx homelab deploy ${host}\``;
    return { kind: "image", name, seen, remedy, holds: heldBy(name) };
  });
  return { gates, images, held: [...held.keys()] };
}
