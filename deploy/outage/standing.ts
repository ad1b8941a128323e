// What of a host is down, as far as a boot can bring it back. Pure.
import { nameOf } from "../../hosts/engine/inspect.ts";
import type { AwayHost, DeclaredHost } from "../drift/look-at-host.ts";
import type { HostLook } from "../drift/look.ts";
import { serviceFinding } from "../why/container-finding.ts";

/** How a host's services are. */
export interface Standing {
  /** In words, by service, what a boot may mend. */
  readonly down: ReadonlyMap<string, string>;
  /** Services that are well. */
  readonly up: ReadonlySet<string>;
  /** In words, by service, what only a deployment mends: no container, or a stranger's. */
  readonly notDeployed: ReadonlyMap<string, string>;
}

/** Reads a look. Of a host whose engine does not answer, everything is down. */
export function standingIn({ declaration }: DeclaredHost, look: HostLook | AwayHost): Standing {
  const down = new Map<string, string>();
  const up = new Set<string>();
  const notDeployed = new Map<string, string>();
  for (const service of declaration.services) {
    const { name } = service;
    if ("away" in look) {
      down.set(name, look.found);
      continue;
    }
    const { state, detail } = serviceFinding(declaration, service, look);
    const status = look.containers.find((one) => nameOf(one) === name)?.State.Status;
    if (state === "ready") up.add(name);
    else if (state === "missing") notDeployed.set(name, detail);
    else if (state === "replaced" && status === "running") notDeployed.set(name, detail);
    else down.set(name, detail);
  }
  return { down, up, notDeployed };
}
