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
}

/** What happens to one service. */
export type ServiceEvent = Extract<BootEvent, { readonly service: string }>;
