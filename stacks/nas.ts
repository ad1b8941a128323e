import { OffsiteSync } from "../components/backup/offsite-sync.ts";
import { resticAddress } from "../components/backup/restic-rest.plan.ts";
import { ResticRest } from "../components/backup/restic-rest.ts";
import type { Host } from "../components/core/host.ts";
import { Forgejo } from "../components/git/forgejo.ts";
import { Javya } from "../components/javya/javya.ts";
import { Glances } from "../components/monitoring/glances.ts";
import { writeExternalFiles } from "../components/core/external-files.ts";
import { CoolifyBackup } from "../components/paas/coolify-backup.ts";
import { COOLIFY_OWNER } from "../components/paas/coolify.plan.ts";
import { NAS_FOLDERS, usesNfs } from "../components/storage/nas-folders.plan.ts";
import { createNasFolders, NAS_FOLDERS_RECORD } from "../components/storage/nas-folders.ts";
import { nfsExports } from "../components/storage/nfs-exports.plan.ts";
import { createNfsExports } from "../components/storage/nfs-exports.ts";
import { Samba } from "../components/storage/samba.ts";
import { Syncthing } from "../components/storage/syncthing.ts";
import { watchHost } from "../components/core/watch.ts";
import type { StackContext } from "./context.ts";
import { joinMesh } from "./mesh.ts";
import { holdBack } from "./host-gates.ts";
import { realiseGates, realiseHost } from "./realise.ts";

/** The NAS: the backup server first, because every other host's backup jobs send to it. */
export async function nas(context: StackContext): Promise<Record<string, unknown>> {
  const { apps } = context.fleet.nas;
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

  // Step 1: backup
  const resticRest = new ResticRest("restic-rest-app", { host, plan: apps.resticRest });
  new OffsiteSync("offsite-sync-app", { host, plan: apps.offsiteSync });
  // Step 2: git
  new Forgejo("forgejo-app", { host, plan: apps.forgejo });
  // Step 3: storage, beside the exports
  new Samba("samba-app", { host, plan: apps.samba });
  new Syncthing("syncthing-app", { host, plan: apps.syncthing });
  // Step 4: monitoring
  new Glances("glances-app", { host, plan: apps.glances });
  // Step 5: PaaS
  new CoolifyBackup("coolify-backup-app", { host, plan: apps.coolifyBackup });
  coolifyFiles(host, context);
  if (apps.javya) new Javya("javya-app", { host, plan: apps.javya });

  watchHost("boot-watch", host, context.bootProgram);
  finish();
  return {
    services: context.fleet.nas.declaration.services.length,
    // Known only once the server is healthy, so nobody backs up into nowhere.
    resticAddress: resticRest.server.containerId.apply(() => resticAddress(context.site, "nas")),
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
