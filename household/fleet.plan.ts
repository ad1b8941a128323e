import type { BackupProgram } from "../components/backup/program.ts";
import { withJobs } from "../components/backup/with-jobs.plan.ts";
import { unservedSites } from "../components/edge/routes.plan.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import { UserError } from "../model/errors.ts";
import { byHost, HOSTS, type HostName } from "../model/host-names.ts";
import { siteError, type Site } from "../model/site.ts";
import { BACKUP_PROGRAM } from "./backup.ts";
import { dockerVm } from "./docker-vm.plan.ts";
import { declareHost, NO_APPS, type HouseholdHost } from "./household-host.ts";
import { nas } from "./nas.plan.ts";
import { passOver } from "./pass-over.ts";
import { appsIn, type Apps, type Phase } from "./phase.ts";
import { unknownIssuers } from "./proxies.ts";
import { subnetClashes } from "./subnet-clashes.ts";
import { vps } from "./vps.plan.ts";

/** One host as data: its apps in start order, and the whole as one declaration. */
export interface DeclaredHost {
  readonly apps: Apps;
  readonly declaration: HostDeclaration;
}

/** All hosts as data. */
export type Fleet = Readonly<Record<HostName, DeclaredHost>>;

/** What each host of hosts.ts has; one that is not here has no apps. */
const HOUSEHOLD: Readonly<Partial<Record<HostName, HouseholdHost>>> = {
  vps,
  nas,
  "docker-vm": dockerVm,
};

/**
 * Declares every service of every host, without Pulumi, an engine or a network. Some services
 * are configured from all the others (the proxies from the routes, the start page from the
 * tiles, the monitors from the probes), so the hosts are declared twice: first to learn what
 * there is, then with that knowledge.
 *
 * @param without apps to leave out, as if their lines were deleted, e.g. "docker-vm/jellyfin"
 * @param backup what makes the copies. @default this home's
 * @throws UserError HL-SITE for addresses that networks of the containers hide, and for certificates
 * that a proxy cannot get
 * @throws UserError HL-ROUTES for sites that cannot be served, with who asks for them
 */
export function declareFleet(
  site: Site,
  without: readonly string[] = [],
  backup: BackupProgram = BACKUP_PROGRAM,
): Fleet {
  const unknown = unknownIssuers(site);
  if (unknown.length > 0) throw siteError(unknown);
  const first = declareWith(site, [], without, backup);
  const known = HOSTS.map((host) => first[host].declaration);
  const fleet = declareWith(site, known, without, backup);
  const hosts = HOSTS.map((host) => fleet[host].declaration);
  const clashes = subnetClashes(site, hosts);
  if (clashes.length > 0) throw siteError(clashes);
  const unserved = unservedSites(site, hosts);
  if (unserved.length > 0) {
    throw new UserError(
      "HL-ROUTES",
      `nobody serves these sites; nothing was changed:\n${unserved.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  return fleet;
}

function declareWith(
  site: Site,
  known: readonly HostDeclaration[],
  without: readonly string[],
  backup: BackupProgram,
): Fleet {
  const declared = (host: HostName): DeclaredHost => {
    const own = HOUSEHOLD[host] ?? NO_APPS;
    const kept = own.apps(site, known, backup).map(({ phase, apps }): Phase => ({
      phase,
      apps: Object.fromEntries(
        Object.entries(apps)
          .filter(([name]) => !without.includes(`${host}/${name}`))
          .map(([name, app]) => [name, withJobs(backup, site, host, app)]),
      ),
    }));
    const phases = passOver(kept, host, known);
    return { apps: appsIn(phases), declaration: declareHost(site, host, own, phases, known) };
  };
  return byHost(HOSTS, declared);
}
