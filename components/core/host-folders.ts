import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { FolderDeclaration } from "../../model/declaration.ts";
import { lookScriptPath } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { lookFile, writeHostFiles, writeToken, type HostFile } from "./host-files.ts";

/** Arguments of createHostFolders. */
export interface HostFoldersArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  /** Each after those that it lies in. */
  readonly folders: readonly FolderDeclaration[];
  readonly observedToken: string | undefined;
}

/** Name under which the host remembers that it has the folders. */
export const HOST_FOLDERS_RECORD = "host-folders";

/**
 * Makes the folders that containers write and that are missing: the engine would make them as
 * root's. It has to come before the first container.
 */
export function createHostFolders(
  name: string,
  args: HostFoldersArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return writeHostFiles(
    name,
    {
      alias: args.alias,
      record: HOST_FOLDERS_RECORD,
      files: [foldersLook(args.folders)],
      token: writeToken(args.observedToken),
      afterwards: hostFoldersScript(args.folders),
      // What was written in them is nobody's to throw away.
      removal: `rm -f ${lookScriptPath(HOST_FOLDERS_RECORD)}`,
    },
    opts,
  );
}

/** The look that every observation takes: whether each folder is there. */
export function foldersLook(folders: readonly FolderDeclaration[]): HostFile {
  const looks = folders.map(({ path }) => `test -d ${quote(path)}\n`);
  return lookFile(HOST_FOLDERS_RECORD, `set -e\n${looks.join("")}`);
}

/** The script that makes what is missing, and says whose the others are where it is not as declared. */
export function hostFoldersScript(folders: readonly FolderDeclaration[]): string {
  const calls = folders.map(
    ({ path, owner, mode }) => `folder ${quote(path)} ${quote(owner)} ${quote(mode)}\n`,
  );
  return `folder() {
  [ -d "$1" ] || install -d -m "$3" -o "\${2%:*}" -g "\${2#*:}" "$1"
  owner=$(stat -L --format %u:%g "$1")
  [ "$owner" = "$2" ] ||
    echo "$1 on $(hostname) belongs to $owner, and who writes there is $2. It was left as it is; to change it: chown -R $2 $1" >&2
}
${calls.join("")}`;
}
