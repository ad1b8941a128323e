// Whether an approved action may be handed to its host now: only while everything is as it was shown.
import { bindingHash, type Action } from "../contract/actions.ts";
import { unfit } from "../contract/fitness.ts";
import { observedHash, ownService, serviceIn, type Worlds } from "../contract/observed.ts";
import type { SupervisorState } from "../contract/supervisor-state.ts";
import { BOUND_TO } from "../contract/verbs.ts";
import { orderIn } from "./decide.ts";

/** What is known when a host asks for work. */
export interface Surroundings {
  readonly worlds: Worlds;
  readonly supervisor: SupervisorState | undefined;
  /** Why the world as a whole is not to be acted upon. */
  readonly old: string | undefined;
}

/** What an approved action is worth now. */
export type Offer =
  | { readonly is: "good" }
  /** Not now; it stays approved. */
  | { readonly is: "parked"; readonly why: string }
  | { readonly is: "superseded"; readonly why: string }
  | { readonly is: "expired"; readonly why: string };

/** Whether an approved action may be handed out. @param now milliseconds since 1970 */
export function offerOf(
  { binding, hash, expires, authority, blastRadius }: Action,
  { worlds, supervisor, old }: Surroundings,
  now: number,
): Offer {
  const order = authority && orderIn(authority.text);
  if (!order || Date.parse(order.expires) <= now || Date.parse(expires) <= now) {
    return { is: "expired", why: "no host fetched it before its order was too old" };
  }
  const world = worlds.get(binding.host);
  const whyNot = old ?? (world ? unfit(world) : "nothing is known of the host");
  if (whyNot !== undefined) return { is: "parked", why: whyNot };
  const plan = supervisor?.desired.plans[binding.host];
  if (!supervisor || plan === undefined) {
    return { is: "parked", why: "the Supervisor does not say what should be" };
  }
  const [target] = ownService(binding.verb, binding.host, binding.target);
  if (target !== undefined && serviceIn(worlds, target)?.state === "starting") {
    return { is: "parked", why: "it is starting" };
  }
  const present = {
    ...binding,
    plan,
    observed: observedHash(worlds, binding, blastRadius.restarts),
    commit: commitNow(binding, supervisor.desired.commit, world?.plan?.commit ?? null),
  };
  return bindingHash(present) === hash
    ? { is: "good" }
    : { is: "superseded", why: differenceOf(binding, present) };
}

/** The commit that a verb would be bound to now. */
function commitNow(
  { verb, commit }: Action["binding"],
  desired: string | null,
  deployed: string | null,
): string | null {
  if (!BOUND_TO[verb].includes("commit")) return commit;
  // A rollback names the commit of a receipt.
  if (verb === "roll-back") return commit;
  return verb === "remount" ? deployed : desired;
}

function differenceOf(shown: Action["binding"], now: Action["binding"]): string {
  const parts = [
    ...(shown.plan === now.plan ? [] : [`the plan is ${now.plan} and not ${shown.plan}`]),
    ...(shown.commit === now.commit ? [] : [`the commit is ${now.commit ?? "not known"}`]),
    ...(shown.observed === now.observed ? [] : ["what is observed is not what was shown"]),
  ];
  return parts.join("; ");
}
