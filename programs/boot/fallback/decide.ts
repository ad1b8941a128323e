// Whether the host acts by itself on what a deployment left. Pure.
import type { Armed, ArmedService } from "../../../model/fallback.ts";

/** How a service is, as far as it counts here. */
export type Sight =
  | "well"
  /** Its check has not said yet, or somebody froze it: what becomes of it is not known. */
  | "undecided"
  | "unhealthy"
  | "crashing"
  | "stopped"
  | "missing";

/** A service that is to be judged. */
export interface Seen {
  readonly sight: Sight;
  /** Whether the container is the very one that was kept. */
  readonly isKept: boolean;
}

/** What the decision is made from. */
export interface Situation {
  /** Undefined while no deployment waits to be confirmed. */
  readonly armed: Armed | undefined;
  /** Seconds in which nobody renewed mark or lock, confirmed, or made a container of these. */
  readonly quietSeconds: number;
  /** A person announced that they work on the host. */
  readonly maintained: boolean;
  /** By service. */
  readonly seen: ReadonlyMap<string, Seen>;
}

/** What is done now. */
export type Decision =
  | { readonly kind: "nothing" }
  | { readonly kind: "wait" }
  /** All are as well as they were: what is kept is not needed any more. */
  | { readonly kind: "disarm" }
  /** At least one of both lists has one; afterwards nothing is kept any more. */
  | {
      readonly kind: "act";
      readonly back: readonly ArmedService[];
      /** Broken, and its data may not be opened by what was kept. */
      readonly left: readonly ArmedService[];
    };

/** Decides. It waits as long as somebody may still be at work. */
export function decide({ armed, quietSeconds, maintained, seen }: Situation): Decision {
  if (armed === undefined) return { kind: "nothing" };
  if (maintained || quietSeconds < armed.quietSeconds) return { kind: "wait" };
  const looks = armed.services.map(({ name }) => seen.get(name));
  if (looks.some((look) => look === undefined || look.sight === "undecided")) {
    return { kind: "wait" };
  }
  const broken = armed.services.filter(({ name }) => isBroken(seen.get(name)));
  if (broken.length === 0) return { kind: "disarm" };
  return {
    kind: "act",
    back: broken.filter(({ refused }) => refused === null),
    left: broken.filter(({ refused }) => refused !== null),
  };
}

/** Whether the container that was kept would mend it: the very same one would not be better again. */
export function isBroken(seen: Seen | undefined): boolean {
  switch (seen?.sight) {
    case "unhealthy":
    case "crashing":
      return !seen.isKept;
    case "stopped":
    case "missing":
      return true;
    case "well":
    case "undecided":
    case undefined:
      return false;
  }
}
