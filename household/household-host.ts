import type { BackupProgram } from "../components/backup/program.ts";
import { ownProxy } from "../components/edge/own-proxy.plan.ts";
import { reporting, reportingSecrets } from "../components/monitoring/control-plane.plan.ts";
import { meshGate } from "../components/networking/mesh-gate.plan.ts";
import { tailnetAccess } from "../components/networking/tailnet-access.plan.ts";
import type { GateDeclaration } from "../model/declared-machine.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import type { HostName } from "../model/host-names.ts";
import type { Site } from "../model/site.ts";
import { partsOf, type Parts, type Phase } from "./phase.ts";

/** What this home has on one of its hosts. */
export interface HouseholdHost {
  /**
   * Its apps in start order.
   * @param known what is declared on all hosts, for the apps that are configured from the others;
   * nothing while they are declared for the first time
   * @param backup what makes the copies
   */
  readonly apps: (site: Site, known: readonly HostDeclaration[], backup: BackupProgram) => Phase[];
  /** Conditions outside the containers that its services wait for, beside the mesh. @default none */
  readonly gates?: (site: Site) => GateDeclaration[];
  /** What is on it beside what its apps bring. @default nothing */
  readonly more?: (
    site: Site,
    parts: Parts,
  ) => Partial<Pick<HostDeclaration, "programs" | "externals" | "machine" | "secrets">>;
}

/** A host that has an entry and no apps: a member of the mesh that is watched and measured. */
export const NO_APPS: HouseholdHost = { apps: () => [] };

/**
 * A host as data: its apps, its gates, its place in the mesh, and to whom it says what it sees.
 * @param known what is declared on all hosts; nothing while they are declared for the first time
 */
export function declareHost(
  site: Site,
  host: HostName,
  { gates, more }: HouseholdHost,
  phases: readonly Phase[],
  known: readonly HostDeclaration[],
): HostDeclaration {
  const parts = partsOf(phases);
  const added = more?.(site, parts);
  return {
    host,
    gates: [...(gates?.(site) ?? []), meshGate(site, host)],
    ...parts,
    ...added,
    secrets: { ...parts.secrets, ...added?.secrets, ...reportingSecrets(site, host) },
    ...tailnetAccess(site),
    ...reporting(site, host, ownProxy(site, host, parts.services, known)),
  };
}
