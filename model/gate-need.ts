import type { ServiceDeclaration } from "./declaration.ts";
import type { PlannedGate } from "./host-plan.ts";

/** How much a host's services need a gate: some cannot run without it, some can, or none asks. */
export type GateNeed = "hard" | "soft" | "none";

/** How much these services need the gate of that name. */
export function gateNeed(services: readonly ServiceDeclaration[], gate: string): GateNeed {
  const strengths = services
    .flatMap(({ requires = [] }) => requires)
    .filter(({ on }) => on === `gate:${gate}`)
    .map(({ strength }) => strength);
  if (strengths.includes("hard")) return "hard";
  return strengths.length > 0 ? "soft" : "none";
}

/** A gate as a host sees it now, and as the last deployment's wait for it ended. */
export interface SeenGate {
  readonly open: boolean;
  /** Undefined when no deployment has waited for it. */
  readonly last: { readonly open: boolean } | undefined;
}

/**
 * Whether a closed gate is waited for, each time: one that a service cannot run without, and a mount
 * that a service can do without, because nobody else tries it again after its server came back.
 * @param kind undefined for a gate that is not declared
 */
export function isWaitedFor(
  need: GateNeed,
  kind: PlannedGate["condition"]["kind"] | undefined,
): boolean {
  return need === "hard" || (need === "soft" && kind === "mount");
}

/**
 * Whether a deployment has nothing to wait for. What isWaitedFor says keeps every deployment that
 * finds it closed. A gate that nobody asks for is reported once and makes no difference afterwards.
 */
export function isAsLeft(
  { condition }: { readonly condition: Pick<PlannedGate["condition"], "kind"> },
  need: GateNeed,
  seen: SeenGate | undefined,
): boolean {
  const isTriedAgain = isWaitedFor(need, condition.kind) && !seen?.open;
  return need === "none" || (seen?.last?.open === seen?.open && !isTriedAgain);
}
