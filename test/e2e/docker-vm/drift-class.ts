import type { HostName } from "../../../model/host-names.ts";
import type { Look } from "../support/planned-changes.ts";

/** The host on which they are tried. */
export const HOST: HostName = "docker-vm";

/** One way in which a host is not as it is declared. */
export interface DriftClass {
  /** As the table of docs/drift.md names it. */
  readonly what: string;
  readonly seenBy: "both" | "drift" | "preview";
  /** Shell script for the host that brings it about. @default the test does so otherwise */
  readonly make?: string;
  /** Rows of drift, as `driftOf` answers them. */
  readonly rows: readonly string[];
  /** Resources that a preview changes. */
  readonly changes: readonly string[];
  /** What a preview says besides. @default nothing */
  readonly says?: readonly string[];
}

/** A container and its health gate, as resources are named. */
export const made = (...services: string[]): string[] =>
  services.flatMap((name) => [`${name}-container`, `${name}-gate`]);

/** What a class has to be seen by, and what it is not: both looks are at the same host. */
export interface BothLooks {
  readonly rows: readonly string[];
  readonly preview: Look;
}

/** Of a class, what each of the two looks saw; equal to the class where its `seenBy` is true. */
export function seenOf({ rows, changes, says = [] }: DriftClass, looks: BothLooks): DriftSeen {
  const { preview } = looks;
  return {
    rows: rows.filter((row) => looks.rows.includes(row)),
    changes: changes.filter((name) => preview.changes.includes(name)),
    says: says.filter((text) => preview.said.includes(text)),
  };
}

/** What was seen of a class. */
export type DriftSeen = Required<Pick<DriftClass, "rows" | "changes" | "says">>;

/** All rows, or all resources, of some classes: sorted, each once. */
export function allOf(classes: readonly DriftClass[], of: "rows" | "changes"): string[] {
  return [...new Set(classes.flatMap((one) => one[of]))].sort();
}
