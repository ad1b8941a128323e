// Something that is not as it should be, named by where it begins.

/** What is wrong at a cause. */
export type ProblemKind =
  /** A host that is not heard of, or whose engine does not answer. */
  | "away"
  /** A gate that is closed. */
  | "closed"
  | "stopped"
  | "unhealthy"
  | "missing"
  /** It is on its way back, and was not well before. */
  | "starting"
  /** The plan on the host is another than the repository's. */
  | "plan"
  /** A container was made from another declaration. */
  | "differs"
  /** A container has another image than the lock says. */
  | "image"
  /** The last copy is too old, or the last run made no good one. */
  | "backup"
  /** The proxy shows a certificate that nobody renewed. */
  | "certificate";

/** Something that is not as it should be. */
export interface Problem {
  /** Where it begins: "nas/jellyfin", "nas/gate:media", "nas", or the place of several hosts. */
  readonly cause: string;
  /** Host of the cause; the first one of a place. */
  readonly host: string;
  readonly kind: ProblemKind;
  /** In one sentence, how the cause is. */
  readonly detail: string;
  /** ISO 8601. */
  readonly since: string;
  readonly sequence: number;
  /** What is not well because of it; sorted, without the cause. */
  readonly affected: readonly string[];
  /** It cannot be seen now, for something else that is told: nobody begins to speak of it. @default false */
  readonly isHidden?: boolean;
}

/**
 * Names a problem over time. How a service is down changes from look to look; a job that makes no
 * copies is down too, and its check fails of it later.
 */
export function problemKey({ cause, kind }: Pick<Problem, "cause" | "kind">): string {
  switch (kind) {
    case "stopped":
    case "unhealthy":
    case "missing":
    case "starting":
    case "backup":
      return `${cause} down`;
    case "away":
    case "closed":
    case "plan":
    case "differs":
    case "image":
    case "certificate":
      return `${cause} ${kind}`;
  }
}
