import type { Mistake } from "../mistake.ts";
import type { ComposeNetwork, ComposeSource, ComposeVolume } from "../schema/file.ts";
import type { ServiceFields } from "../schema/service.ts";

/** Where something stands in a Compose file. */
export interface Place {
  readonly file: string;
  readonly line: number | undefined;
  /** e.g. "services.web.ports". */
  readonly path: string;
}

/** A service with its files read, variables filled in, and what it extends merged in. */
export interface ComposeService {
  readonly name: string;
  readonly fields: ServiceFields;
  /** Environment of its files and its own, the own one last. Secrets are marks. */
  readonly environment: Readonly<Record<string, string>>;
  /** Keys that a declaration has nothing for. */
  readonly others: readonly { readonly key: string; readonly place: Place }[];
  /** Where a key of it stands, or what is in it. */
  readonly place: (key: string, ...inside: readonly (string | number)[]) => Place;
}

/** A variable that is not set: Compose fills in an empty text. */
export interface UnsetVariable {
  readonly name: string;
  readonly place: Place;
}

/** All of a Compose file, as data. */
export interface ComposeProject {
  /** Name of the project, from which Compose makes the names of containers and volumes. */
  readonly name: string;
  /** Folder from which its relative paths start. */
  readonly folder: string;
  readonly services: readonly ComposeService[];
  readonly volumes: Readonly<Record<string, ComposeVolume>>;
  readonly networks: Readonly<Record<string, ComposeNetwork>>;
  /** Secrets of the top level: a mark for each. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly configs: Readonly<Record<string, ComposeSource>>;
  /** Keys of the top level that are not read. */
  readonly others: readonly { readonly key: string; readonly place: Place }[];
  readonly unset: readonly UnsetVariable[];
  readonly mistakes: readonly Mistake[];
}

/** "compose.yaml, line 12". */
export function placeText({ file, line }: Place): string {
  return line === undefined ? file : `${file}, line ${line}`;
}
