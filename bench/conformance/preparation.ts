// What stands on a host before its containers are made: networks, folders, files and volumes.
import { isSecretContent, renderContent } from "../../components/core/file-content.ts";
import { NAS_FOLDERS } from "../../household/folders.ts";
import { BOOT_PERMIT } from "../../model/boot.ts";
import type {
  FolderDeclaration,
  HostDeclaration,
  NetworkDeclaration,
  ServiceDeclaration,
} from "../../model/declaration.ts";
import { readerOf } from "../../model/image-catalogue.ts";
import { filePath, filesFolder } from "../../model/paths.ts";
import { SECRET_MODE } from "../../model/secret-readers.ts";
import { quote } from "../../model/shell-text.ts";

/** A file as it stands on the host. */
export interface PreparedFile {
  readonly path: string;
  readonly content: string;
  /** "uid:gid" */
  readonly owner: string;
  /** Octal. */
  readonly mode: string;
}

/**
 * The files of a service with made-up secrets.
 * @param secretOf value of a secret by its name
 * @param values what only a deployment knows, by its name
 */
export async function preparedFiles(
  host: HostDeclaration,
  service: ServiceDeclaration,
  secretOf: (name: string) => string,
  values: Readonly<Record<string, string>>,
): Promise<PreparedFile[]> {
  const secrets = new Proxy<Record<string, string>>(
    {},
    { get: (_, name) => secretOf(String(name)) },
  );
  const inputs = { secrets, values, saltKey: secretOf("label-key") };
  return Promise.all(
    (service.files ?? []).map(async (file) => ({
      path: filePath(service.name, file),
      content: await renderContent(file.content, inputs),
      owner: file.owner ?? service.user ?? readerOf(service.image, host.contracts ?? []),
      mode: file.mode ?? (isSecretContent(file.content) ? SECRET_MODE : "0444"),
    })),
  );
}

/** Script that makes all of it anew on the machine of the host. */
export function preparationScript(host: HostDeclaration, files: readonly PreparedFile[]): string {
  const mounts = host.services.flatMap(({ mounts = [] }) => mounts);
  const volumes = mounts.flatMap((mount) => (mount.kind === "volume" ? [mount.volume] : []));
  const binds = mounts.flatMap((mount) => (mount.kind === "bind" ? [mount.source] : []));
  return [
    "set -eu",
    "umask 022",
    `mkdir -p ${BOOT_PERMIT.slice(0, BOOT_PERMIT.lastIndexOf("/"))}`,
    `: > ${BOOT_PERMIT}`,
    ...[...(host.folders ?? []), ...nasFolders(binds)].map(
      ({ path, owner, mode }) =>
        `install -d -o ${owner.replace(":", " -g ")} -m ${mode} ${quote(path)}`,
    ),
    ...unique(binds).map((path) => `[ -e ${quote(path)} ] || mkdir -p ${quote(path)}`),
    ...host.networks.toSorted(fixedFirst).map(networkLine),
    ...unique(volumes).map((volume) => `docker volume create ${volume} > /dev/null`),
    ...host.services.map(
      ({ name }) => `rm -rf ${filesFolder(name)} && mkdir -p ${filesFolder(name)}`,
    ),
    ...files.flatMap(written),
    "",
  ].join("\n");
}

/** Those of the NAS's folders that are mounted; its stack makes them. */
function nasFolders(mounted: readonly string[]): FolderDeclaration[] {
  return Object.values(NAS_FOLDERS).filter(({ path }) => mounted.includes(path));
}

/** One whose addresses are chosen could take those that another asks for. */
function fixedFirst(one: NetworkDeclaration, other: NetworkDeclaration): number {
  return Number(one.subnet === undefined) - Number(other.subnet === undefined);
}

function networkLine({ name, subnet, gateway }: NetworkDeclaration): string {
  const fixed = subnet && gateway ? `--subnet ${subnet} --gateway ${gateway} ` : "";
  return `docker network create ${fixed}${name} > /dev/null`;
}

function written({ path, content, owner, mode }: PreparedFile): string[] {
  return [
    `base64 -d > ${quote(path)} <<'END'`,
    ...(Buffer.from(content)
      .toString("base64")
      .match(/.{1,76}/g) ?? []),
    "END",
    `chown ${owner} ${quote(path)} && chmod ${mode} ${quote(path)}`,
  ];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
