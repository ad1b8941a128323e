// Which open actions are to be closed: those that are too old, that another one stands for, or that
// nothing needs any more.
import type { Action } from "../contract/actions.ts";
import type { Closing } from "../contract/supervisor-state.ts";
import type { Verb } from "../contract/verbs.ts";
import { asLine } from "../contract/words.ts";
import type { Problem, ProblemKind } from "./problem.ts";

/** What a verb mends, and what a problem is about: of each at a cause one action is enough. */
type Matter = "service" | "gate" | "host" | "plan" | "backup" | "copy" | "certificate";

/** What a verb mends. */
const MATTER_OF_VERB: Readonly<Record<Verb, Matter>> = {
  start: "service",
  restart: "service",
  "redeploy-service": "service",
  "update-image": "service",
  "roll-back": "service",
  "deploy-host": "plan",
  remount: "gate",
  "run-backup": "backup",
  // Only a person asks for it, and so only time or a person closes it.
  "restore-copy": "copy",
};

/** What a problem is about. */
const MATTER_OF_KIND: Readonly<Record<ProblemKind, Matter>> = {
  away: "host",
  closed: "gate",
  stopped: "service",
  unhealthy: "service",
  missing: "service",
  starting: "service",
  differs: "service",
  image: "service",
  plan: "plan",
  backup: "backup",
  certificate: "certificate",
};

/** Whether an action is about a problem, by whatever verb. */
export function isAbout({ rootCause, binding }: Action, { cause, kind }: Problem): boolean {
  return rootCause === asLine(cause) && MATTER_OF_VERB[binding.verb] === MATTER_OF_KIND[kind];
}

/** A problem, and the action that would be right for it now. */
export interface Standing {
  readonly problem: Problem;
  readonly action: Action | undefined;
}

/**
 * Why an open action is to be closed; undefined when it is not.
 * @param isInSight whether it can be told that its cause is well
 * @param now milliseconds since 1970
 */
export function closingFor(
  action: Action,
  standing: readonly Standing[],
  isInSight: boolean,
  now: number,
): Closing | undefined {
  const { id, expires, rootCause, binding } = action;
  if (Date.parse(expires) <= now) {
    return { state: "expired", by: null, why: `it could be approved until ${expires}` };
  }
  const about = standing.filter(({ problem }) => isAbout(action, problem));
  const other = about.find((one) => one.action !== undefined && one.action.id !== id)?.action;
  if (other && !about.some((one) => one.action?.id === id)) {
    return { state: "superseded", by: other.id, why: differenceText(action, other) };
  }
  if (about.length > 0 || !isInSight || MATTER_OF_VERB[binding.verb] === "copy") return undefined;
  return { state: "expired", by: null, why: asLine(`${rootCause} does not need it any more`) };
}

/** In words, what is another than was shown. */
function differenceText(
  { binding: was }: Pick<Action, "binding">,
  { binding: is }: Pick<Action, "binding">,
): string {
  const parts = [
    ...(was.verb === is.verb ? [] : [`${is.verb} instead of ${was.verb}`]),
    ...(was.plan === is.plan ? [] : [`plan ${was.plan} is now ${is.plan}`]),
    ...(was.commit === is.commit ? [] : [`commit ${short(was.commit)} is now ${short(is.commit)}`]),
    ...(was.digests.join() === is.digests.join() ? [] : ["images are others"]),
    ...(was.observed === is.observed ? [] : ["what is observed is something else"]),
  ];
  return asLine(parts.join("; ") || "it was proposed anew");
}

function short(commit: string | null): string {
  return commit?.slice(0, 12) ?? "none";
}
