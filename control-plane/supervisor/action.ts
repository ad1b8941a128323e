// An action made of what would mend a problem, bound to what was observed.
import { createHash } from "node:crypto";
import { ACTION_VERSION, bindingHash, type Action } from "../contract/actions.ts";
import { observedHash, type Worlds } from "../contract/observed.ts";
import type { Verb } from "../contract/verbs.ts";
import { asLine } from "../contract/words.ts";
import type { Problem } from "./problem.ts";
import type { Draft } from "./remedies.ts";

const HOUR = 3600_000;
/** What can be approved for longer: nothing is down meanwhile that it alone would mend. */
const LONG: readonly Verb[] = ["redeploy-service", "deploy-host", "roll-back", "update-image"];

/** A pending action. @param now milliseconds since 1970 */
export function actionOf(problem: Problem, draft: Draft, worlds: Worlds, now: number): Action {
  const { verb, host, target, plan, commit, digests, radius } = draft;
  const observed = observedHash(worlds, draft, radius.restarts);
  const binding = { verb, host, target, plan, observed, commit, digests };
  const hash = bindingHash(binding);
  const at = new Date(now).toISOString();
  return {
    version: ACTION_VERSION,
    // Of what it is and when it was proposed, so that a comparison has one outcome.
    id: createHash("sha256").update(`${hash} ${at}`).digest("hex").slice(0, 32),
    binding,
    hash,
    reason: asLine(draft.reason),
    evidence: evidenceOf(problem, worlds),
    rootCause: asLine(problem.cause),
    risk: draft.risk,
    blastRadius: { ...radius, data: radius.data.map(asLine) },
    reversibility: { ...draft.reversibility, how: asLine(draft.reversibility.how) },
    proposedAt: at,
    expires: new Date(now + (LONG.includes(verb) ? 12 : 1) * HOUR).toISOString(),
    state: "pending",
    since: at,
    decision: null,
    authority: null,
    claimedBy: null,
    outcome: null,
    supersededBy: null,
  };
}

function evidenceOf(problem: Problem, worlds: Worlds): Action["evidence"] {
  const { cause, detail, sequence, since, affected, host } = problem;
  const facts = [{ fact: asLine(`${cause} ${detail}`), sequence, at: since }];
  if (affected.length > 0) {
    const named = asLine(`not well because of it: ${affected.join(", ")}`);
    facts.push({ fact: named, sequence: worlds.get(host)?.sequence ?? sequence, at: since });
  }
  return facts;
}
