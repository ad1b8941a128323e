import type * as pulumi from "@pulumi/pulumi";
import type { App } from "../components/core/app.ts";
import type { Host } from "../components/core/host.ts";
import { createNetworkMounts } from "../components/core/network-mounts.ts";
import { usesNfs } from "../components/core/nas-folders.plan.ts";
import { createNasFolders, NAS_FOLDERS_RECORD } from "../components/storage/nas-folders.ts";
import { nfsExports } from "../components/storage/nfs-exports.plan.ts";
import { createNfsExports } from "../components/storage/nfs-exports.ts";
import { MOUNT_GROUND } from "../components/core/shared-folder.plan.ts";
import { BACKUP_PROGRAM } from "../household/backup.ts";
import { EXPORTED_FOLDERS, NAS_FOLDERS } from "../household/folders.ts";
import { GROUND_FOLDERS } from "../household/mounts.ts";
import { hasRole, HOSTS, hostWith } from "../model/host-names.ts";
import type { StackContext } from "./context.ts";

/**
 * Makes what the host's gates look at: the folders of the storage and their exports, or where the
 * host mounts them.
 */
export function makeGround(host: Host, context: StackContext): pulumi.Resource[] {
  const kept = hasRole(context.host, "storage") ? [makeFolders(host, context)] : [];
  return [...kept, ...mountFolders(host, context)];
}

function makeFolders(host: Host, context: StackContext): pulumi.Resource {
  const used = usedFolders(context);
  const folders = createNasFolders(
    NAS_FOLDERS_RECORD,
    {
      alias: host.alias,
      folders: Object.values(NAS_FOLDERS).filter(({ path }) => used.has(path)),
      observedToken: context.observation.files[NAS_FOLDERS_RECORD],
    },
    { parent: host },
  );
  if (usesNfs(context.site)) {
    createNfsExports(
      "nfs-exports",
      {
        alias: host.alias,
        exports: nfsExports(context.site, EXPORTED_FOLDERS).filter(
          ({ path }) => used.get(path) === "mount",
        ),
        observedToken: context.observation.files["nfs-exports"],
      },
      { parent: host, dependsOn: [folders] },
    );
  }
  return folders;
}

/** The folders of the storage that a gate of any host looks at, and whether that host mounts it. */
function usedFolders({ site, fleet }: StackContext): ReadonlyMap<string, "folder" | "mount"> {
  const gates = HOSTS.flatMap((host) => fleet[host].declaration.gates);
  const used = new Map<string, "folder" | "mount">();
  for (const gate of gates) {
    if (gate.kind === "folder") used.set(gate.path, "folder");
    if (gate.kind === "mount") used.set(gate.source.slice(site.nasMounts.source.length), "mount");
  }
  return used;
}

function mountFolders(host: Host, context: StackContext): pulumi.Resource[] {
  const { gates } = context.fleet[context.host].declaration;
  const mounts = gates.filter((gate) => gate.kind === "mount");
  if (mounts.length === 0) return [];
  return [
    createNetworkMounts(
      "network-mounts",
      {
        alias: host.alias,
        ground: MOUNT_GROUND,
        folders: GROUND_FOLDERS,
        mounts,
        settings: context.site.nasMounts,
        observedToken: context.observation.files["network-mounts"],
      },
      { parent: host },
    ),
  ];
}

/** Where the jobs of the hosts at home send their copies, as the storage's stack says. */
export function copiesValue(context: StackContext): Record<string, pulumi.Input<string>> {
  const { server } = BACKUP_PROGRAM;
  // The coordinator comes before the storage, and goes over the mesh.
  if (!server || hasRole(context.host, "coordinator")) return {};
  const { inFiles, ofStack } = server.value;
  // Known before its server runs, behind which its own jobs wait.
  if (hasRole(context.host, "storage")) {
    return { [inFiles]: server.address(context.site, context.host) };
  }
  return { [inFiles]: context.output(hostWith("storage"), ofStack) };
}

/** What the storage's stack hands on to the others. */
export function storageOutputs(
  context: StackContext,
  apps: ReadonlyMap<string, App>,
): Record<string, unknown> {
  const { server } = BACKUP_PROGRAM;
  if (!server || !hasRole(context.host, "storage")) return {};
  return {
    // Known only once the server is healthy, so nobody backs up into nowhere.
    [server.value.ofStack]: apps
      .get(server.name)
      ?.service(server.service)
      .containerId.apply(() => server.address(context.site, context.host)),
  };
}
