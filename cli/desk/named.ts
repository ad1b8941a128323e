import type { Action } from "../../control-plane/contract/actions.ts";
import { UserError } from "../../model/errors.ts";
import { short, titleOf } from "./card.ts";

/** Fewer letters of an id are too easily another's. */
const FEWEST = 6;

/**
 * The action that an id, or the beginning of one, names.
 * @param known the newest first
 * @throws UserError HL-USAGE that lists those which can be decided
 */
export function actionNamed(known: readonly Action[], text: string): Action {
  const found = known.filter(({ id }) => {
    return id === text || (text.length >= FEWEST && id.startsWith(text));
  });
  const [one, other] = found;
  if (one && !other) return one;
  const open = known.filter(({ state }) => state === "pending");
  const names = open.map((action) => `${short(action.id)} (${titleOf(action)})`).join(", ");
  const those = open.length === 0 ? "no action waits" : `there are ${names}`;
  const how = other ? "is the beginning of several actions" : "is no action";
  throw new UserError("HL-USAGE", `"${text}" ${how}; ${those}`);
}
