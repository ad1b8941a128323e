import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { FolderDeclaration } from "../../model/declaration.ts";
import { lookScriptPath } from "../../model/paths.ts";
import { hostFoldersScript } from "./folders-script.ts";
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
