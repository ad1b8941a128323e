import type { Place } from "./resolve/project.ts";

/**
 * What became of a line of the Compose file, where it did not simply stay as it was.
 * decide: only a person can say; it is marked in the plan. changed: a rule of the house says
 * otherwise. assumed: nothing was said, and something had to be. dropped: has no counterpart.
 */
export type FindingKind = "decide" | "changed" | "assumed" | "dropped";

/** One entry of the list that an import ends with. */
export interface Finding extends Place {
  readonly kind: FindingKind;
  /** What became of it, and why. Never a secret. */
  readonly message: string;
  /** Of a decision: its number, by which the plan marks the place. */
  readonly number?: number | undefined;
}

/** Collects what is found while a Compose file is translated. */
export class Findings {
  readonly all: Finding[] = [];

  changed(place: Place, message: string): void {
    this.#add({ ...place, kind: "changed", message });
  }

  assumed(place: Place, message: string): void {
    this.#add({ ...place, kind: "assumed", message });
  }

  dropped(place: Place, message: string): void {
    this.#add({ ...place, kind: "dropped", message });
  }

  /** @returns the mark that stands in the plan */
  decide(place: Place, message: string): string {
    const number = this.all.filter(({ kind }) => kind === "decide").length + 1;
    this.#add({ ...place, kind: "decide", message, number });
    return `DECIDE ${number}: ${message}`;
  }

  /** The same of the same place is said once. */
  #add(finding: Finding): void {
    const isKnown = this.all.some(
      ({ path, message, kind }) =>
        kind !== "decide" && path === finding.path && message === finding.message,
    );
    if (!isKnown) this.all.push(finding);
  }
}
