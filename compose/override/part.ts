import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { OverrideFiles } from "../../model/override-files.ts";
import type { Path } from "../mistake.ts";
import type { OverrideFields } from "./keys.ts";

/** One thing that an override makes otherwise. */
export interface Edit {
  /** Where the override says it, below the service. */
  readonly at: Path;
  /** Where it stands in the declaration, as `validate` names it, e.g. "limits.memory". */
  readonly declared: string;
  /** As it is declared; null where nothing is. */
  readonly old: string | null;
  readonly next: string;
}

/** What of an override cannot be. */
export interface Refusal {
  readonly at: Path;
  readonly message: string;
}

/** What a part of an override comes to. */
export interface Outcome {
  readonly service: ServiceDeclaration;
  readonly edits: readonly Edit[];
  readonly refusals: readonly Refusal[];
}

/** What a part is judged by, beside the service. */
export interface About {
  readonly host: HostDeclaration;
  /** How large the machine is, as far as that is known. */
  readonly machine: Pick<OverrideFiles, "memory" | "cpus">;
}

/**
 * Applies some keys of an override to a service. What the declaration says already is no edit, so that
 * the same override twice comes to the same.
 */
export type Part = (service: ServiceDeclaration, fields: OverrideFields, about: About) => Outcome;
