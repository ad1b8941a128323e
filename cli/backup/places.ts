import { SIDECAR_PATHS } from "../../components/backup/job-paths.ts";
import { UserError } from "../../model/errors.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import { versionedBy } from "../../model/kept-data.ts";
import type { BackupProgram } from "../../components/backup/program.ts";
import { jobsOf, type BackupJob } from "./jobs.ts";

/** A volume, folder or database that a restore gives back. */
export interface Place {
  /** Volume name, absolute path on the host, or the database's container. */
  readonly source: string;
  /** Where it is in the sidecar, and so in a snapshot. */
  readonly target: string;
}

/** What one job has of a service. */
export interface RestoreJob {
  readonly job: BackupJob;
  readonly places: readonly Place[];
  /** The database whose dump is the only place, when the job has that instead of its files. */
  readonly database?: DatabaseContainer;
  /** Database of the service that the same job has, and that is restored by its own name. */
  readonly apart?: string;
  /** Services that have the version of what is put back, see model/kept-data.ts. */
  readonly versions: readonly string[];
}

/** A database that its container dumps, docs/adr/0003-database-dumps.md. */
export interface DatabaseContainer {
  readonly name: string;
  /** Services that need it and must not write meanwhile. */
  readonly users: readonly string[];
}

/**
 * The data that is meant: what a service writes and a job copies, or one volume or folder.
 * A service that only reads a volume does not own it, unless nobody else writes it.
 * @param program what makes the copies. @default this home's
 * @throws UserError HL-USAGE when no job copies it, or several hosts have one of that name
 */
export function restoreJobs(
  hosts: readonly HostDeclaration[],
  name: string,
  host: HostName | undefined,
  program?: BackupProgram,
): RestoreJob[] {
  const found = hosts
    .filter((declaration) => host === undefined || declaration.host === host)
    .flatMap((declaration) => jobsWithDataOf(declaration, name, program));
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

/**
 * All that the jobs of a host copy: of each job its volumes and folders, then the dump of its
 * database. Nobody's version is noted for it, because whoever was stopped for it is started again.
 * @param program what makes the copies. @default this home's
 */
export function everythingOf(declaration: HostDeclaration, program?: BackupProgram): RestoreJob[] {
  return jobsOf(declaration, program).flatMap((job): RestoreJob[] => {
    const places = (job.sidecar.backup?.protects ?? []).flatMap((source) => placeOf(job, source));
    const database = dumpedBy(job, declaration.services);
    return [
      ...(places.length > 0 ? [{ job, places, versions: [] }] : []),
      ...(database ? [{ ...dumpOf(job, database.name, declaration.services), versions: [] }] : []),
    ];
  });
}

function jobsWithDataOf(
  declaration: HostDeclaration,
  name: string,
  program?: BackupProgram,
): RestoreJob[] {
  const service = declaration.services.find((each) => each.name === name && !each.backup);
  const owned = service ? ownedBy(declaration.services, service) : [name];
  return jobsOf(declaration, program).flatMap((job) => {
    const places = owned.flatMap((source) => placeOf(job, source));
    const database = dumpedBy(job, declaration.services);
    const isMeant = database && writtenBy(database).some((source) => owned.includes(source));
    const apart = database && service && needs(service, database.name) ? database.name : undefined;
    const versions = versionedBy(declaration, name, job.sidecar.name);
    return [
      ...(places.length > 0 ? [{ job, places, versions, ...(apart ? { apart } : {}) }] : []),
      ...(isMeant ? [{ ...dumpOf(job, database.name, declaration.services), versions }] : []),
    ];
  });
}

/** The database of which a job has a dump: it protects a volume that it does not mount. */
function dumpedBy(
  job: BackupJob,
  services: readonly ServiceDeclaration[],
): ServiceDeclaration | undefined {
  const dumped = dumpedVolumes(job);
  return services.find((each) => writtenBy(each).some((source) => dumped.includes(source)));
}

/** The volumes of databases that a job has as dumps. */
export function dumpedVolumes(job: BackupJob): string[] {
  const known = job.sidecar.backup?.protects ?? [];
  return known.filter((source) => placeOf(job, source).length === 0);
}

function needs({ requires = [] }: ServiceDeclaration, name: string): boolean {
  return requires.some(({ on, strength }) => on === name && strength === "hard");
}

function dumpOf(
  job: BackupJob,
  name: string,
  services: readonly ServiceDeclaration[],
): Omit<RestoreJob, "versions"> {
  const users = services.filter((service) => !service.backup && needs(service, name));
  return {
    job,
    places: [{ source: name, target: SIDECAR_PATHS.dumps }],
    database: { name, users: users.map((user) => user.name) },
  };
}

function ownedBy(services: readonly ServiceDeclaration[], service: ServiceDeclaration): string[] {
  return sourcesOf(service).flatMap(({ source, readOnly }) => {
    const theirs = readOnly && services.some((other) => writtenBy(other).includes(source));
    return theirs ? [] : [source];
  });
}

/** Volumes and folders that a service may write to. */
export function writtenBy(service: ServiceDeclaration): string[] {
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
