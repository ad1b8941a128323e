import type { ServiceDeclaration } from "./declaration.ts";
import { toSeconds, type Duration } from "./units.ts";

/** Time between the polite stop and the kill where a service declares none. */
const DEFAULT_GRACE: Duration = "30s";

/**
 * Added by the engine to the longest time of its containers when it shuts down (moby,
 * daemon/daemon.go, shutdownTimeout).
 */
const ENGINE_MARGIN_SECONDS = 5;

/** For what the engine does after its containers: networks, mounts, its own databases. */
const UNIT_MARGIN_SECONDS = 25;

/** Seconds that a service has to end by itself once it was asked to. */
export function stopSeconds(declared: Pick<ServiceDeclaration, "stopGrace">): number {
  return toSeconds(declared.stopGrace ?? DEFAULT_GRACE);
}

/**
 * Seconds that the engine of a host with these services may take to stop. It asks all containers
 * at once and waits for each as long as that container's time says; systemd's default of 90 s
 * would end it, and then them, in the middle of that.
 */
export function engineStopSeconds(
  services: readonly Pick<ServiceDeclaration, "stopGrace">[],
): number {
  const longest = Math.max(stopSeconds({}), ...services.map(stopSeconds));
  return longest + ENGINE_MARGIN_SECONDS + UNIT_MARGIN_SECONDS;
}
