import { writeScript } from "../../../components/core/host-files.ts";
import { foldersScript } from "../../../components/storage/nas-folders.ts";
import { nfsExports } from "../../../components/storage/nfs-exports.plan.ts";
import { exportFiles, exportScript } from "../../../components/storage/nfs-exports.ts";
import { EXPORTED_FOLDERS, NAS_FOLDERS } from "../../../household/folders.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { onMachine } from "../../../sandbox/machine.ts";
import type { SandboxSettings } from "../../../sandbox/settings.ts";
import { site } from "../../support/site.ts";

/** Makes the NAS's folders and hands them out, as the NAS's stack does, without deploying it. */
export async function exportNasFolders(settings: SandboxSettings): Promise<void> {
  const { machines } = settings.network;
  const hosts = Object.fromEntries(
    HOSTS.map((host) => [host, { ...site.hosts[host], lan: machines[host] }]),
  ) as typeof site.hosts;
  const exports = nfsExports({ ...site, hosts }, EXPORTED_FOLDERS);
  const script = [
    foldersScript(Object.values(NAS_FOLDERS)),
    writeScript(exportFiles(exports), "nfs-exports", "test", exportScript(exports)),
  ];
  const answer = await onMachine(settings, "nas", ["sh", "-c", script.join("\n")]);
  if (answer.exitCode !== 0) throw new Error(answer.stderr);
}
