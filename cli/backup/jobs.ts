import type { BackupProgram } from "../../components/backup/program.ts";
import { BACKUP_PROGRAM } from "../../household/backup.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { UserError } from "../../model/errors.ts";
import type { HostName } from "../../model/host-names.ts";

/** A sidecar and the host it runs on. */
export interface BackupJob {
  readonly host: HostName;
  readonly sidecar: ServiceDeclaration;
  /** What makes its copies. */
  readonly program: BackupProgram;
  readonly excludes: readonly string[];
  /** Folders that it copies, as seen in its container. */
  readonly folders: readonly string[];
}

/**
 * The backup jobs that a person means: by the sidecar ("pihole-backup"), the repository, or a
 * service whose data a sidecar copies ("paperless-db").
 * @throws UserError HL-USAGE that lists the jobs there are
 */
export function jobsNamed(
  hosts: readonly HostDeclaration[],
  name: string,
  host: HostName | undefined,
): BackupJob[] {
  const candidates = hosts.filter((declaration) => host === undefined || declaration.host === host);
  const jobs = candidates.flatMap((declaration) => {
    const data = new Set(
      (declaration.services.find((service) => service.name === name)?.mounts ?? []).flatMap(
        (mount) =>
          mount.kind === "volume" ? [mount.volume] : mount.kind === "bind" ? [mount.source] : [],
      ),
    );
    return jobsOf(declaration).filter(
      ({ sidecar }) =>
        sidecar.name === name ||
        sidecar.backup?.repository === name ||
        sidecar.backup?.protects.some((item) => data.has(item)),
    );
  });
  if (jobs.length > 0) return jobs;
  const known = candidates.flatMap((each) => jobsOf(each)).map(nameOf);
  throw new UserError(
    "HL-USAGE",
    `no backup job copies "${name}"${host === undefined ? "" : ` of ${host}`}; the jobs are: ${known.join(", ")}`,
  );
}

/** "nas/forgejo-backup". */
export function nameOf({ host, sidecar }: Pick<BackupJob, "host" | "sidecar">): string {
  return `${host}/${sidecar.name}`;
}

/**
 * Every backup job of a host.
 * @param program what makes the copies. @default this home's
 */
export function jobsOf(
  { host, services }: HostDeclaration,
  program: BackupProgram = BACKUP_PROGRAM,
): BackupJob[] {
  return services.flatMap((sidecar) =>
    sidecar.backup
      ? [
          {
            host,
            sidecar,
            program,
            excludes: sidecar.backup.excludes ?? [],
            // What a sidecar protects is mounted read-only; the rest is its own.
            folders: (sidecar.mounts ?? []).flatMap((mount) =>
              mount.kind !== "tmpfs" && mount.readOnly ? [mount.target] : [],
            ),
          },
        ]
      : [],
  );
}
