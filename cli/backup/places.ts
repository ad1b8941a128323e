import { UserError } from "../../model/errors.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import { jobsOf, type BackupJob } from "./jobs.ts";

/** A volume or folder that a restore gives back. */
export interface Place {
  /** Volume name, or absolute path on the host. */
  readonly source: string;
  /** Where it is in the sidecar, and so in a snapshot. */
  readonly target: string;
}

/** What one job has of a service. */
export interface RestoreJob {
  readonly job: BackupJob;
  readonly places: readonly Place[];
  /** Name of the database's service, when the job has its dump in place of its files. */
  readonly database?: string;
}

/**
 * The data that is meant: what a service writes and a job copies, or one volume or folder.
 * A service that only reads a volume does not own it, unless nobody else writes it.
 * @throws UserError HL-USAGE when no job copies it, or several hosts have one of that name
 */
export function restoreJobs(
  hosts: readonly HostDeclaration[],
  name: string,
  host: HostName | undefined,
): RestoreJob[] {
  const found = hosts
    .filter((declaration) => host === undefined || declaration.host === host)
    .flatMap((declaration) => jobsWithDataOf(declaration, name));
  const where = [...new Set(found.map(({ job }) => job.host))];
  if (where.length > 1) {
    throw new UserError(
      "HL-USAGE",
      `${where.join(" and ")} have a "${name}"; say which one with --host`,
    );
  }
  if (found.length > 0) return found;
  throw new UserError(
    "HL-USAGE",
    `no backup job copies data of "${name}"${host === undefined ? "" : ` on ${host}`}; the jobs copy: ${copied(hosts, host).join(", ")}`,
  );
}

function jobsWithDataOf(declaration: HostDeclaration, name: string): RestoreJob[] {
  const service = declaration.services.find((each) => each.name === name && !each.backup);
  const owned = service ? ownedBy(declaration.services, service) : [name];
  return jobsOf(declaration).flatMap((job) => {
    const known = job.sidecar.backup?.protects ?? [];
    const places = owned.flatMap((source) => placeOf(job, source));
    const dumped = owned.find(
      (source) => known.includes(source) && placeOf(job, source).length === 0,
    );
    const database = declaration.services.find(
      (each) => dumped !== undefined && writtenBy(each).includes(dumped),
    );
    if (places.length === 0 && !database) return [];
    return [{ job, places, ...(database ? { database: database.name } : {}) }];
  });
}

function ownedBy(services: readonly ServiceDeclaration[], service: ServiceDeclaration): string[] {
  return sourcesOf(service).flatMap(({ source, readOnly }) => {
    const theirs = readOnly && services.some((other) => writtenBy(other).includes(source));
    return theirs ? [] : [source];
  });
}

function writtenBy(service: ServiceDeclaration): string[] {
  return sourcesOf(service).flatMap(({ source, readOnly }) => (readOnly ? [] : [source]));
}

function sourcesOf({ mounts = [] }: ServiceDeclaration) {
  return mounts.flatMap((mount) =>
    mount.kind === "tmpfs"
      ? []
      : [
          {
            source: mount.kind === "volume" ? mount.volume : mount.source,
            target: mount.target,
            readOnly: mount.readOnly === true,
          },
        ],
  );
}

/** Where a job has it. What a sidecar protects is mounted read-only; the rest is its own. */
function placeOf({ sidecar }: BackupJob, source: string): Place[] {
  return sourcesOf(sidecar).flatMap((mount) =>
    mount.readOnly && mount.source === source ? [{ source, target: mount.target }] : [],
  );
}

function copied(hosts: readonly HostDeclaration[], host: HostName | undefined): string[] {
  return hosts.flatMap((declaration) => {
    if (host !== undefined && declaration.host !== host) return [];
    const names = declaration.services.filter(
      ({ name, backup }) => !backup && jobsWithDataOf(declaration, name).length > 0,
    );
    return names.map(({ name }) => `${declaration.host}/${name}`);
  });
}
