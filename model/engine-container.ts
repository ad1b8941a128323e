// How a container is, by what its engine says of it (docs.docker.com/reference/api/engine:
// ContainerInspect, ContainerList). Who asks a host's engine over ssh and the program that asks it at
// its socket read it here, so that the same container is the same to both.

/**
 * How a container is: "running" has no check that would say more, "starting" one that has not answered
 * yet, and "restarting" crashed and is about to be started again by the engine.
 */
export type ContainerState =
  "created" | "running" | "starting" | "healthy" | "unhealthy" | "restarting" | "paused" | "exited";

/** What the engine says of it: of a container that does not run, its health is that of another time. */
export interface EngineState {
  readonly Status: string;
  /** Nothing, or "none", where it has no check. */
  readonly Health?: { readonly Status: string } | null | undefined;
}

/** Reads it; undefined for a word that no engine known here has. */
export function containerState({ Status, Health }: EngineState): ContainerState | undefined {
  switch (Status) {
    case "running":
      return healthOf(Health?.Status);
    case "created":
    case "restarting":
    case "paused":
    case "exited":
      return Status;
    // On their way out.
    case "removing":
    case "dead":
      return "exited";
    default:
      return undefined;
  }
}

function healthOf(word: string | undefined): ContainerState {
  return word === "healthy" || word === "unhealthy" || word === "starting" ? word : "running";
}

/** A container that its engine started over this often is in a crash loop. */
export const CRASH_LOOP_RESTARTS = 3;

/** A time of the engine's, in seconds since 1970; undefined for none and for the year 1, its "never". */
export function engineTime(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "") / 1000;
  return time > 0 ? time : undefined;
}
