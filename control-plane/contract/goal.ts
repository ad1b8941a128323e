// Whether an observation shows what an action was for.
import type { Binding } from "./actions.ts";
import { isKnown } from "./fitness.ts";
import { conditionOf, own, ownService, serviceIn, type Worlds } from "./observed.ts";

/**
 * What the world says of an action's purpose. "unknown": nothing that is newer than its end says
 * anything yet.
 */
export type GoalState = "met" | "missed" | "unknown";

/**
 * What the world shows of an action that ended.
 * @param ended when it did, in ISO 8601; what was seen before says nothing of it
 */
export function goalState(worlds: Worlds, binding: Binding, ended: string): GoalState {
  const world = worlds.get(binding.host);
  if (!world || !isKnown(world)) return "unknown";
  const isNewer = (at: string): boolean => Date.parse(at) > Date.parse(ended);
  switch (binding.verb) {
    case "start":
    case "restart":
    case "restore-copy":
      return runs(worlds, binding, isNewer);
    case "redeploy-service":
    case "update-image": {
      const [id = ""] = ownService(binding.verb, binding.host, binding.target);
      const container = serviceIn(worlds, id)?.container;
      if (!container || !isNewer(container.at)) return "unknown";
      const isOurs = container.digest !== null && binding.digests.includes(container.digest);
      return isOurs ? runs(worlds, binding, isNewer) : "missed";
    }
    case "deploy-host":
      if (!world.plan || !isNewer(world.plan.at)) return "unknown";
      return world.plan.digest === binding.plan ? "met" : "missed";
    case "roll-back":
      if (!world.plan || !isNewer(world.plan.at)) return "unknown";
      return world.hold !== null && world.plan.commit === binding.commit ? "met" : "missed";
    case "remount": {
      const gate = own(world.gates, binding.target);
      if (!gate || !isNewer(gate.at)) return "unknown";
      return gate.state === "open" ? "met" : "missed";
    }
    case "run-backup": {
      const backup = own(world.backups, binding.target);
      if (!backup || !isNewer(backup.at)) return "unknown";
      if (backup.ageSeconds === null) return "missed";
      const copied = Date.parse(backup.at) - backup.ageSeconds * 1000;
      // What is overdue is older than that.
      return copied > Date.parse(ended) - LONGEST_BACKUP_MS ? "met" : "missed";
    }
  }
}

/** A copy counts from when it began; no run of a job takes longer. */
const LONGEST_BACKUP_MS = 12 * 3600_000;

function runs(
  worlds: Worlds,
  { verb, host, target }: Binding,
  isNewer: (at: string) => boolean,
): GoalState {
  const [id = ""] = ownService(verb, host, target);
  const service = serviceIn(worlds, id);
  if (!service || !isNewer(service.at) || service.state === "starting") return "unknown";
  return conditionOf(service.state) === "runs" ? "met" : "missed";
}
