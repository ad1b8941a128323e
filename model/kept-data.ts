import { isCopied } from "./copied-data.ts";
import type { HostDeclaration, ServiceDeclaration } from "./declaration.ts";
import { contractOf } from "./image-catalogue.ts";
import type { DataRule, ImageContract } from "./image-contract.ts";
import type { ImageLock } from "./image-reference.ts";
import { pinned } from "./image-reference.ts";
import { toSeconds, type Duration } from "./units.ts";

/** A service whose image may change what cannot be made again. */
export interface DataKeeper {
  readonly service: string;
  /** Reference with digest. */
  readonly image: string;
  /** What its versions make of each other's data. */
  readonly rule: DataRule;
  /** What copies its data, and the data of its databases last. */
  readonly copies: readonly DataCopy[];
}

/** One job that copies data of a service. */
export interface DataCopy {
  /** Name by which `homelab backup restore` puts it back. */
  readonly restore: string;
  readonly sidecar: string;
  /** Volume with the result of the sidecar's last run. */
  readonly state: string;
  /** A copy that began at most this many seconds ago is enough. */
  readonly freshSeconds: number;
}

/** A copy is enough before a change for this long, where a job does not say otherwise. */
const FRESH: Duration = "1h";

/** Nobody could read what its versions make of each other's data, so nobody relies on it. */
const UNKNOWN: DataRule = { olderOpens: "never", newerOpens: true };

/** The services of a host that keep data which a job copies, as files or as a database's dump. */
export function dataKeepers(
  { services }: HostDeclaration,
  lock: ImageLock,
  contracts: readonly ImageContract[],
): DataKeeper[] {
  return services.flatMap((service) => {
    if (service.backup) return [];
    const databases = services.filter(
      (other) => other.databaseRole !== undefined && needs(service, other.name),
    );
    const copies = [service, ...databases].flatMap((each) => copiesOf(services, each));
    if (copies.length === 0) return [];
    return [
      {
        service: service.name,
        image: pinned(service.image, lock.images[service.image] ?? "unpinned"),
        rule: contractOf(service.image, contracts)?.data?.value ?? UNKNOWN,
        copies,
      },
    ];
  });
}

/**
 * The services whose version is that of what was put back when a restore by a name from one sidecar
 * ends: of a service with a database that is the database's dump, which is put back last.
 */
export function versionedBy(host: HostDeclaration, restore: string, sidecar: string): string[] {
  const databases = new Set(
    host.services.flatMap(({ name, databaseRole }) => (databaseRole ? [name] : [])),
  );
  return dataKeepers(host, { version: 1, images: {} }, []).flatMap(({ service, copies }) => {
    const last = copies.at(-1);
    // A dump is read in by whichever PostgreSQL runs, and says nothing of its files.
    if (databases.has(service) || last?.restore !== restore || last.sidecar !== sidecar) return [];
    return [service];
  });
}

/** The jobs that copy what a service writes. */
function copiesOf(
  services: readonly ServiceDeclaration[],
  { name, mounts = [] }: ServiceDeclaration,
): DataCopy[] {
  const written = mounts.flatMap((mount) => {
    if (mount.kind === "tmpfs" || mount.readOnly) return [];
    return [mount.kind === "volume" ? mount.volume : mount.source];
  });
  return services.flatMap((sidecar) => {
    const { backup } = sidecar;
    if (!backup || !written.some((path) => isCopied(path, new Set(backup.protects)))) return [];
    return [
      {
        restore: name,
        sidecar: sidecar.name,
        state: `${sidecar.name}-state`,
        freshSeconds: toSeconds(backup.freshFor ?? FRESH),
      },
    ];
  });
}

function needs({ requires = [] }: ServiceDeclaration, name: string): boolean {
  return requires.some(({ on, strength }) => on === name && strength === "hard");
}
