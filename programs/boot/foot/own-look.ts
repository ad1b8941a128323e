// Why an order cannot be carried out as things are here now, by this host's own look. The Executor
// looked too; but it may be a thief's.
import type { Order } from "../../../control-plane/contract/order.ts";
import type { HostPlan } from "../../../model/host-plan.ts";
import type { BootState } from "../boot-state.ts";
import { isInUse } from "../stale-mounts.ts";
import type { LookedContainer } from "../../../control-plane/contract/events.ts";
import type { Marks } from "./marks.ts";

/** What a look shows. */
export interface OwnLook {
  /** Undefined while the host boots. */
  readonly state: BootState | undefined;
  readonly marks: Marks;
  /** Undefined where there is none that can be read. */
  readonly plan: HostPlan | undefined;
  /** The container of the target; undefined where there is none. */
  readonly container: LookedContainer | undefined;
  /** Whether the engine did not answer, so that nobody knows of containers. @default it did */
  readonly engineIsAway?: boolean;
}

/** Why nothing is done on the host now, whatever it is; undefined when something may be. */
export function whyNothing({ state, marks }: Pick<OwnLook, "state" | "marks">): string | undefined {
  if (!state?.staying) return "the host boots";
  if (marks.maintenance) return `somebody works on the host: ${marks.maintenance.reason}`;
  if (marks.hold) return "the host is held at an earlier deployment";
  return marks.deploying ? "a deployment of the host is under way" : undefined;
}

/** Why an order cannot be carried out; undefined when it can. */
export function whyNot(
  { verb, target, digests, commit }: Order,
  look: OwnLook,
): string | undefined {
  const nothing = whyNothing(look);
  if (nothing !== undefined) return nothing;
  if (look.engineIsAway === true) return "the engine does not answer";
  switch (verb) {
    case "start":
    case "restart":
      return (
        otherContainer(target, digests, look) ??
        closedGate(target, look) ??
        (verb === "start" && isUp(look) ? `${target} runs` : undefined)
      );
    case "run-backup":
      return (
        otherContainer(target, digests, look) ?? (isUp(look) ? undefined : `${target} does not run`)
      );
    case "remount":
      if (look.plan?.commit !== commit) return "another commit is deployed than was signed";
      return openGate(target, look);
    case "redeploy-service":
    case "deploy-host":
    case "roll-back":
    case "restore-copy":
    case "update-image":
      return `this host does not do ${verb} by itself; it is done at the desk`;
  }
}

function otherContainer(
  target: string,
  digests: Order["digests"],
  { state, container }: OwnLook,
): string | undefined {
  if (!state?.plan.services.has(target))
    return `no service of this host's plan is called ${target}`;
  if (!container) return `${target} has no container`;
  const [digest, ...more] = digests ?? [];
  const isSigned = more.length === 0 && digest !== undefined && container.digest === digest;
  return isSigned ? undefined : `${target} runs another image than was signed`;
}

/** What starts below a mount that is not there writes where nobody finds it. */
function closedGate(target: string, { state }: OwnLook): string | undefined {
  const waits = state?.plan.services.get(target)?.waits ?? [];
  const closed = waits.find(({ on, hard }) => {
    const gate = state?.gates.get(on);
    return hard && gate !== undefined && gate.at !== "open";
  });
  return closed && `${target} cannot run without ${closed.on}`;
}

function openGate(target: string, { state }: OwnLook): string | undefined {
  const name = `gate:${target}`;
  const gate = state?.gates.get(name);
  if (!state || state.plan.gates.get(name)?.condition.kind !== "mount") {
    return `no mount of this host's plan is called ${target}`;
  }
  if (gate?.at !== "closed" && gate?.at !== "shut") return `${name} is not closed`;
  return isInUse(state, name) ? `services run above ${name}` : undefined;
}

function isUp({ container }: OwnLook): boolean {
  return ["running", "starting", "healthy", "unhealthy"].includes(container?.state ?? "");
}
