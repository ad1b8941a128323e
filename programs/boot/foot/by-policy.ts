// What this host says by itself of an order that goes by a policy: how much can go wrong, and whether
// anything calls for it.
import { join } from "node:path";
import type { PolicyRules } from "../../../control-plane/actor/by-policy.ts";
import type { Action } from "../../../control-plane/contract/actions.ts";
import type { Order } from "../../../control-plane/contract/order.ts";
import type { HostPlan } from "../../../model/host-plan.ts";
import { whyNot, type OwnLook } from "./own-look.ts";

/** More services than this that cannot run without one are no small matter. */
const MANY = 5;

/** Where it stands what went by a policy. @param root folder of the actor */
export function policyRecord(root: string): string {
  return join(root, "policies.json");
}

/** The host's own part of the rules. @param look is taken anew for each question */
export function policyLooks(
  look: (order: Order) => Promise<OwnLook>,
): Pick<PolicyRules, "riskOf" | "whyNotNeeded"> {
  return {
    riskOf: async (order) => ownRisk(order, (await look(order)).plan),
    whyNotNeeded: async (order) => {
      const seen = await look(order);
      return whyNot(order, seen) ?? whyNotNeeded(order, seen);
    },
  };
}

/** How much can go wrong, by the host's own plan: an interruption of what many need, or is critical. */
export function ownRisk({ verb, target }: Order, plan: HostPlan | undefined): Action["risk"] {
  if (!plan) return "high";
  if (verb !== "restart") return "low";
  const isCritical = plan.services.find(({ name }) => name === target)?.critical !== false;
  return isCritical || dependentsOf(target, plan).size > MANY ? "medium" : "low";
}

function dependentsOf(target: string, { services }: HostPlan): ReadonlySet<string> {
  const found = new Set([target]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { name, requires } of services) {
      if (requires.some(({ on, strength }) => strength === "hard" && found.has(on)))
        found.add(name);
    }
  }
  found.delete(target);
  return found;
}

/**
 * That a start is of what is down, and a mount of what is closed, a person's order is held to as well;
 * a person may have something run to its end once more.
 */
function whyNotNeeded({ verb, target }: Order, { container, state }: OwnLook): string | undefined {
  if (verb === "start" && state?.services.get(target)?.at === "completed") {
    return `${target} ran to its end, as it should`;
  }
  return verb === "restart" && container?.state !== "unhealthy"
    ? `${target} is not unhealthy`
    : undefined;
}
