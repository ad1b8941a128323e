import type { HostDeclaration } from "./declaration.ts";
import type { Problem } from "./problem.ts";

/**
 * Data that would be lost with its disk: every volume, and every folder that a container writes,
 * needs a backup job or a reason why it has none. What must never be lost needs the job.
 */
export function uncopiedData(host: HostDeclaration): Problem[] {
  const copied = new Set(host.services.flatMap(({ backup }) => backup?.protects ?? []));
  const hint =
    "add it to what a job of its app copies (`jobs`, `data`), or say in `notCopied` why it may be lost";
  const volumes = host.volumes.flatMap(({ name, neverLose, notCopied }): Problem[] => {
    const path = `${host.host}.volumes.${name}`;
    if (copied.has(name)) {
      return notCopied === undefined
        ? []
        : [{ path: `${path}.notCopied`, message: "gives a reason, and yet a job copies it" }];
    }
    if (neverLose) {
      return [
        { path, message: "must never be lost, and no backup job copies it; add it to a sidecar" },
      ];
    }
    return notCopied ? [] : [{ path, message: `no backup job copies it; ${hint}` }];
  });
  const folders = host.services.flatMap((service) =>
    (service.mounts ?? []).flatMap((mount, index): Problem[] => {
      if (mount.kind !== "bind" || mount.readOnly || mount.notCopied) return [];
      if (isCopied(mount.source, copied)) return [];
      return [
        {
          path: `${host.host}.${service.name}.mounts[${index}]`,
          message: `no backup job copies ${mount.source}, which it writes; ${hint}`,
        },
      ];
    }),
  );
  return [...volumes, ...folders];
}

/** A folder is copied when it, or one above it, is. */
export function isCopied(folder: string, copied: ReadonlySet<string>): boolean {
  for (let path = folder; path !== ""; path = path.slice(0, Math.max(0, path.lastIndexOf("/")))) {
    if (copied.has(path)) return true;
  }
  return false;
}
