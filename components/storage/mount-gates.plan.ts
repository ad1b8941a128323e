import { mountUnit } from "../../model/boot.ts";
import type { GateDeclaration } from "../../model/declared-machine.ts";
import { hostWith } from "../../model/host-names.ts";
import { quote } from "../../model/shell-text.ts";
import type { Site } from "../../model/site.ts";
import { MOUNT_GROUND, mountGateName } from "../core/shared-folder.plan.ts";
import { nfsExports, type ExportedFolder } from "./nfs-exports.plan.ts";

/** Gates of the folders that the home mounts from the storage; the mounts are made with them. */
export function mountGates(site: Site, exported: readonly ExportedFolder[]): GateDeclaration[] {
  return nfsExports(site, exported).map(({ name, path, owner, writer }) => {
    const at = `${MOUNT_GROUND}/${name}`;
    return {
      name: mountGateName(name),
      kind: "mount",
      path: at,
      source: `${site.nasMounts.source}${path}`,
      writable: writer !== undefined,
      ...(writer === undefined ? {} : { writer }),
      remedy: `check that the NAS is on and exports ${path}, and that it belongs to ${owner} there (ssh ${hostWith("storage")} ls -ldn ${path}); then: systemctl restart ${argument(mountUnit(at))}`,
    };
  });
}

/** A unit's name as the shell takes it: a hyphen of a path is written with a backslash. */
function argument(unit: string): string {
  return unit.includes("\\") ? quote(unit) : unit;
}
