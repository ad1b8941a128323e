// What the scheduler is told.

/** What a container was found doing when the run began. */
export type Found = "missing" | "stopped" | "starting" | "healthy" | "unhealthy";

/** Something that happened. */
export type BootEvent =
  | {
      readonly kind: "found";
      readonly service: string;
      readonly as: Found;
      readonly checked: boolean;
    }
  | GateEvent
  | SightEvent
  /** What had to be done to renew the mount behind a gate was done, whatever came of it. */
  | { readonly kind: "renewed"; readonly gate: string }
  | {
      readonly kind: "up" | "healthy" | "unhealthy" | "removed" | "stopped";
      readonly service: string;
    }
  | { readonly kind: "died"; readonly service: string; readonly exitCode: number }
  /** Somebody tells the engine to stop or to remove it. */
  | { readonly kind: "asked"; readonly service: string }
  /** The engine refused to start or to stop it. */
  | { readonly kind: "refused"; readonly service: string; readonly reason: string }
  /** The boot is over, however it ended; what happens from now on is followed. */
  | { readonly kind: "settled" }
  /** Nothing but time went by. */
  | { readonly kind: "clock" };

/** A look at a gate. */
export interface GateEvent {
  readonly kind: "gate";
  readonly gate: string;
  readonly open: boolean;
  readonly seen: string;
  /** Running services that do not see what is mounted there. @default none */
  readonly blind?: readonly string[];
  /** What a look at the mount behind it showed, where it is closed. @default it was not looked at */
  readonly saw?: Sight;
}

/**
 * What a look at a mount showed.
 * - "stale": its server, or the program that stands for it, knows it no more. No wait mends that.
 * - "silent": no answer, or another error. A server that is away comes back by itself.
 */
export type Sight = "well" | "stale" | "silent";

/** A look at the mount behind a gate. */
export interface SightEvent {
  readonly kind: "sight";
  readonly gate: string;
  readonly saw: Sight;
  /** In one line, what was wrong; empty when it is well. */
  readonly seen: string;
}

/** What happens to one service. */
export type ServiceEvent = Extract<BootEvent, { readonly service: string }>;
