import { setTimeout as sleep } from "node:timers/promises";
import type { HostPlan } from "../../model/host-plan.ts";
import { hostOf, requirementTarget } from "../../model/graph.ts";

/** How often it is looked whether what a host waits for is there. */
const LOOK_MS = 200;

/**
 * What is up of the hosts that are brought back, for those that come after them. A boot waits for no
 * other host (ADR 0005), so whoever starts it does, for a while.
 */
export class Arrivals {
  readonly #up = new Set<string>();
  readonly #settled = new Set<string>();

  /** A service is up, e.g. "nas/restic-rest". */
  up(id: string): void {
    this.#up.add(id);
  }

  /** Nothing more is to be expected of a host for now. */
  settled(host: string): void {
    this.#settled.add(host);
  }

  /** Those of the services that may still come. */
  missing(ids: readonly string[], hosts: readonly string[]): string[] {
    return ids.filter((id) => {
      const host = hostOf(id);
      return hosts.includes(host) && !this.#settled.has(host) && !this.#up.has(id);
    });
  }

  /**
   * Waits until none of the services may still come.
   * @param hosts that were begun; nobody waits for others
   * @returns those that did not come in time
   */
  async await(
    ids: readonly string[],
    hosts: readonly string[],
    seconds: number,
    interrupted: AbortSignal,
  ): Promise<string[]> {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const missing = this.missing(ids, hosts);
      if (missing.length === 0 || interrupted.aborted || Date.now() > until) return missing;
      await sleep(LOOK_MS);
    }
  }
}

/** The services of other hosts that a host's services require, by "host/service". */
export function needsElsewhere({ host, services }: HostPlan): string[] {
  const targets = services.flatMap(({ requires }) =>
    requires.map(({ on }) => requirementTarget(host, on)),
  );
  return [...new Set(targets)].filter((id) => hostOf(id) !== host);
}
