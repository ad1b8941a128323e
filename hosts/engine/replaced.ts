import { isStranger } from "../observation.ts";
import type { InspectedContainer } from "./inspect.ts";

/**
 * Whether somebody else made the container that has a name of ours.
 * @param gated id of the container that last came to the gate of that name
 */
export function isReplaced({ Id, Config }: InspectedContainer, gated: string | undefined): boolean {
  const labelled = Config.Labels?.["homelab.service"] !== undefined;
  return isStranger({ id: Id, labelled }, gated);
}
