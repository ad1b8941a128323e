import { resticAddress } from "../components/backup/restic-rest.plan.ts";
import type { Host } from "../components/core/host.ts";
import { writeExternalFiles } from "../components/core/external-files.ts";
import { COOLIFY_OWNER } from "../components/paas/coolify.plan.ts";
import { NAS_FOLDERS, usesNfs } from "../components/storage/nas-folders.plan.ts";
import { createNasFolders, NAS_FOLDERS_RECORD } from "../components/storage/nas-folders.ts";
import { nfsExports } from "../components/storage/nfs-exports.plan.ts";
import { createNfsExports } from "../components/storage/nfs-exports.ts";
import { watchHost } from "../components/core/watch.ts";
import type { StackContext } from "./context.ts";
import { joinMesh } from "./mesh.ts";
import { holdBack } from "./host-gates.ts";
import { realiseApps, realiseGates, realiseHost } from "./realise.ts";

/** The NAS: the backup server first, because every other host's backup jobs send to it. */
export async function nas(context: StackContext): Promise<Record<string, unknown>> {
  const host = realiseHost(context);
  const folders = createNasFolders(
    "nas-folders",
    {
      alias: host.alias,
      folders: Object.values(NAS_FOLDERS),
      observedToken: context.observation.files[NAS_FOLDERS_RECORD],
    },
    { parent: host },
  );
  if (usesNfs(context.site)) {
    createNfsExports(
      "nfs-exports",
      {
        alias: host.alias,
        exports: nfsExports(context.site),
        observedToken: context.observation.files["nfs-exports"],
      },
      { parent: host, dependsOn: [folders] },
    );
  }
  const gates = realiseGates(host, context, [folders]);
  const finish = await holdBack(host, context, [...gates, ...(await joinMesh(host, context))]);

  const apps = realiseApps(host, context.fleet.nas.apps);
  coolifyFiles(host, context);

  watchHost("boot-watch", host, context.bootProgram);
  finish();
  return {
    services: context.fleet.nas.declaration.services.length,
    // Known only once the server is healthy, so nobody backs up into nowhere.
    resticAddress: apps
      .get("restic-rest")
      ?.service("restic-rest")
      .containerId.apply(() => resticAddress(context.site, "nas")),
  };
}

/** The sites that Coolify's Traefik serves for us, if there are any. */
function coolifyFiles(host: Host, context: StackContext): void {
  for (const unit of context.fleet.nas.declaration.externals ?? []) {
    if (unit.files === undefined) continue;
    const observedToken = context.observation.files[unit.name];
    const args = { alias: host.alias, unit, owner: COOLIFY_OWNER, observedToken };
    writeExternalFiles(`${unit.name}-files`, args, { parent: host });
  }
}
