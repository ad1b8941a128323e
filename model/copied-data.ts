import type { HostDeclaration, VolumeDeclaration } from "./declaration.ts";
import type { Problem } from "./problem.ts";

/**
 * Data that would be lost with its disk: every volume, and every folder that a container writes,
 * needs a backup job or a reason why it has none. What must never be lost needs the job.
 */
export function uncopiedData(host: HostDeclaration): Problem[] {
  const copied = new Set(host.services.flatMap(({ backup }) => backup?.protects ?? []));
  const hint =
    "add it to what a job of its app copies (`jobs`, `data`), or say in `notCopied` why it may be lost";
  const volumes = host.volumes.flatMap((volume): Problem[] => {
    const { name, neverLose, notCopied } = volume;
    const path = `${host.host}.volumes.${name}`;
    if (copied.has(name)) {
      return notCopied === undefined
        ? []
        : [{ path: `${path}.notCopied`, message: "gives a reason, and yet a job copies it" }];
    }
    if (notCopied && !neverLose) return [];
    // Looked for only now: whose each volume is takes all services of a host.
    const uncopied = `no backup job copies it${whoKeeps(host, volume)}`;
    const message = neverLose
      ? `must never be lost, and ${uncopied}; add it to a sidecar`
      : `${uncopied}; ${hint}`;
    return [{ path, message }];
  });
  const folders = host.services.flatMap((service) =>
    (service.mounts ?? []).flatMap((mount, index): Problem[] => {
      if (mount.kind !== "bind" || mount.readOnly || mount.notCopied) return [];
      if (isCopied(mount.source, copied)) return [];
      return [
        {
          path: `${host.host}.${service.name}.mounts[${index}]`,
          message: `no backup job copies ${mount.source}, which ${service.name} writes; ${hint}`,
        },
      ];
    }),
  );
  return [...volumes, ...folders];
}

/** Whose data it is, and who was to copy it, in brackets; nothing where nobody keeps it. */
function whoKeeps(
  { host, services }: HostDeclaration,
  { name, copied }: VolumeDeclaration,
): string {
  const keepers = services.filter(({ mounts = [] }) =>
    mounts.some((mount) => mount.kind === "volume" && mount.volume === name),
  );
  if (keepers.length === 0) return "";
  const kept = `data of ${keepers.map((service) => service.name).join(" and ")}`;
  if (copied === undefined) return ` (${kept})`;
  return copied.by === undefined
    ? ` (${kept}, left to the app that copies for all of ${host} without a job, and there is none)`
    : ` (${kept}, left to "${copied.by}", which is not declared on ${host})`;
}

/** A folder is copied when it, or one above it, is. */
export function isCopied(folder: string, copied: ReadonlySet<string>): boolean {
  for (let path = folder; path !== ""; path = path.slice(0, Math.max(0, path.lastIndexOf("/")))) {
    if (copied.has(path)) return true;
  }
  return false;
}
