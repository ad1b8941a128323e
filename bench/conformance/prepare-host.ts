// Puts what the containers of a host are made of on its machine: Compose, files, volumes.
import type { HostDeclaration } from "../../model/declaration.ts";
import { BACKUP_PROGRAM } from "../../household/backup.ts";
import { hostWith } from "../../model/host-names.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { quote } from "../../model/shell-text.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import { composeMerged } from "../compose-files.ts";
import { uploadCompose } from "../compose.ts";
import { madeUpSecrets } from "./made-up-secrets.ts";
import { onHost } from "./machine.ts";
import { FOLDER } from "./measure.ts";
import { preparationScript, preparedFiles } from "./preparation.ts";

/**
 * Makes everything anew: what an earlier run left of containers and volumes is gone.
 * @param host with the services that are run
 */
export async function prepareHost(
  settings: SandboxSettings,
  host: HostDeclaration,
  lock: ImageLock,
): Promise<void> {
  const secretOf = madeUpSecrets(settings);
  const { server } = BACKUP_PROGRAM;
  const storage = settings.network.machines[hostWith("storage")];
  const values = server ? { [server.value.inFiles]: storage } : {};
  const at = host.host;
  await onHost(settings, at, CLEAR);
  await uploadCompose(settings, at, `${FOLDER}/docker-compose`);
  const files = await Promise.all(
    host.services.map((service) => preparedFiles(host, service, secretOf, values)),
  );
  await onHost(settings, at, preparationScript(host, files.flat()));
  const { text } = composeMerged(host, { lock, bootPermit: true, networksExist: true });
  await onHost(settings, at, `printf %s ${quote(text)} > ${FOLDER}/compose.yaml`);
}

const CLEAR = `docker ps --all --quiet | xargs -r docker rm --force --volumes > /dev/null
docker volume ls --quiet | xargs -r docker volume rm > /dev/null
docker network prune --force > /dev/null
mkdir -p ${FOLDER}`;
