import { canFollow, type Action, type ActionState } from "../contract/actions.ts";
import { asLine } from "../contract/words.ts";

/** What changes with a state. */
type Change = Partial<
  Pick<Action, "decision" | "authority" | "claimedBy" | "outcome" | "supersededBy" | "endedAt">
>;

/**
 * An action in its next state.
 * @param now milliseconds since 1970
 * @throws Error when it cannot go there: who asks has to look first
 */
export function moved(
  action: Action,
  state: ActionState,
  now: number,
  change: Change = {},
): Action {
  if (!canFollow(action.state, state)) {
    throw new Error(`action ${action.id} cannot go from ${action.state} to ${state}`);
  }
  const outcome = change.outcome == null ? {} : { outcome: asLine(change.outcome) };
  return { ...action, ...change, ...outcome, state, since: new Date(now).toISOString() };
}
