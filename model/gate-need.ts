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
 * Whether a deployment has nothing to wait for. A gate that a service cannot run without is waited
 * for in every deployment that finds it closed, and so is a mount that a service can do without:
 * nobody else tries it again after its server came back. One that nobody asks for is reported once
 * and makes no difference afterwards.
 */
export function isAsLeft(
  { condition }: { readonly condition: Pick<PlannedGate["condition"], "kind"> },
  need: GateNeed,
  seen: SeenGate | undefined,
): boolean {
  const isTriedAgain = need === "hard" || (need === "soft" && condition.kind === "mount");
  return need === "none" || (seen?.last?.open === seen?.open && !(isTriedAgain && !seen?.open));
}
