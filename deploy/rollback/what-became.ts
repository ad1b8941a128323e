import { nameOf } from "../../hosts/engine/inspect.ts";
import type { HostLook } from "../drift/look.ts";
import type { Receipt } from "../staged/receipt.ts";
import { differenceFrom } from "./verify-receipt.ts";

/** What came of services that were to be put back. */
export interface Became {
  /** Those with another container than before, of the image and the declaration of the receipt. */
  readonly back: readonly string[];
  /** In words, why the others are not; undefined when all are. */
  readonly left: string | undefined;
}

/**
 * Says which services are back. That a label agrees proves nothing: the container that failed may have
 * the same one, and be left alone because the earlier deployment makes no other.
 * @param before the host as the deployment left it that failed
 */
export function whatBecame(
  receipt: Pick<Receipt, "services">,
  names: readonly string[],
  before: HostLook,
  after: HostLook,
): Became {
  const left = new Map<string, string>();
  for (const name of names) {
    const made = receipt.services[name];
    const other = made && differenceFrom(after, name, made);
    if (other !== undefined) left.set(name, other);
    else if (idOf(name, after) === idOf(name, before)) left.set(name, SAME);
  }
  const reasons = [...left].map(([name, why]) => `${name} ${why}`);
  return {
    back: names.filter((name) => !left.has(name)),
    left: reasons.length === 0 ? undefined : reasons.join("; "),
  };
}

const SAME = "has the same container as before: that deployment makes no other of it";

function idOf(name: string, { containers }: HostLook): string | undefined {
  return containers.find((one) => nameOf(one) === name)?.Id;
}
