import type { HostDeclaration } from "../model/declaration.ts";
import type { HostName } from "../model/host-names.ts";
import type { Site } from "../model/site.ts";
import { dockerVmApps, dockerVmHost } from "./docker-vm.plan.ts";
import { appsIn, type Apps } from "./phase.ts";
import { nasApps, nasHost } from "./nas.plan.ts";
import { vpsApps, vpsHost } from "./vps.plan.ts";

/** One host as data: its apps in start order, and the whole as one declaration. */
export interface DeclaredHost {
  readonly apps: Apps;
  readonly declaration: HostDeclaration;
}

/** All hosts as data. */
export type Fleet = Readonly<Record<HostName, DeclaredHost>>;

/**
 * Declares every service of every host, without Pulumi, an engine or a network. Some services
 * are configured from all the others (the proxies from the routes, the start page from the
 * tiles, the monitors from the probes), so the hosts are declared twice: first to learn what
 * there is, then with that knowledge.
 */
export function declareFleet(site: Site): Fleet {
  const known = declareWith(site, []);
  return declareWith(site, [
    known.vps.declaration,
    known.nas.declaration,
    known["docker-vm"].declaration,
  ]);
}

function declareWith(site: Site, known: readonly HostDeclaration[]): Fleet {
  const vps = vpsApps(site, known);
  const nas = nasApps(site);
  const dockerVm = dockerVmApps(site, known);
  return {
    vps: { apps: appsIn(vps), declaration: vpsHost(site, vps) },
    nas: { apps: appsIn(nas), declaration: nasHost(site, nas) },
    "docker-vm": { apps: appsIn(dockerVm), declaration: dockerVmHost(site, dockerVm) },
  };
}
