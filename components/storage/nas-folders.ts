import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { FOLDER_MARKER } from "../../model/gate-script.ts";
import { hostWith } from "../../model/host-names.ts";
import { filesRecord, lookScriptPath } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { lookFile, writeHostFiles, writeToken, type HostFile } from "../core/host-files.ts";
import { folderRecord, type NasFolder } from "../core/nas-folders.plan.ts";

/** Arguments of createNasFolders. */
export interface NasFoldersArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  readonly folders: readonly NasFolder[];
  readonly observedToken: string | undefined;
}

/** Name of the resource, under which the host remembers that it looked after the folders. */
export const NAS_FOLDERS_RECORD = `${hostWith("storage")}-folders`;

/** A look at a disk that hangs ends after this long. */
const LOOK_SECONDS = 5;

/**
 * Makes the NAS's folders that were never made, each with its owner, mode and marker. One that was
 * made before and is gone stops the deployment of all that needs it: its disk is missing.
 */
export function createNasFolders(
  name: string,
  args: NasFoldersArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return writeHostFiles(
    name,
    {
      alias: args.alias,
      record: NAS_FOLDERS_RECORD,
      files: folderFiles(args.folders),
      token: writeToken(args.observedToken),
      afterwards: foldersScript(args.folders),
      // The folders stay, and with them what the host knows of them.
      removal: `rm -f ${lookScriptPath(NAS_FOLDERS_RECORD)}`,
    },
    opts,
  );
}

/** The look that every observation takes: whether each folder still has its marker. */
export function folderFiles(folders: readonly NasFolder[]): HostFile[] {
  const looks = folders.map(
    ({ path }) => `timeout ${LOOK_SECONDS} test -f ${quote(`${path}/${FOLDER_MARKER}`)}\n`,
  );
  return [lookFile(NAS_FOLDERS_RECORD, `set -e\n${looks.join("")}`)];
}

/**
 * The script that makes what is missing. An existing folder gets its marker and nothing else; what
 * is wrong with it is said with the command that mends it.
 */
export function foldersScript(folders: readonly NasFolder[]): string {
  const calls = folders.map(
    ({ path, owner, mode, ownerMatters }) =>
      `folder ${quote(path)} ${owner} ${mode} ${quote(folderRecord(path))} ${ownerMatters ? "yes" : "no"}\n`,
  );
  // Earlier versions wrote the markers as files of the exports, that of the repositories one above.
  const before = filesRecord("nfs-exports");
  return `trouble=0
folder() {
  marker="$1/${FOLDER_MARKER}"
  for seen in "$marker" "\${1%/*}/${FOLDER_MARKER}"; do
    [ -f "$4" ] || [ -f "$seen" ] || ! grep -qsF "  $seen" ${before} || install -D /dev/null "$4"
  done
  if [ -f "$4" ] && [ ! -f "$marker" ]; then
    echo "$1 on $(hostname) is not the folder that was made there: it has no ${FOLDER_MARKER}. Mount its disk and repeat; if a new disk is to start empty: rm $4" >&2
    trouble=1
    return
  fi
  [ -d "$1" ] || install -d -m "$3" -o "\${2%:*}" -g "\${2#*:}" "$1"
  [ -f "$marker" ] || (umask 022 && echo "$1" >"$marker")
  [ -f "$4" ] || install -D /dev/null "$4"
  owner=$(stat -L --format %u:%g "$1")
  [ "$5" = no ] || [ "$owner" = "$2" ] ||
    echo "$1 on $(hostname) belongs to $owner, and who writes there is $2. It was left as it is; to change it: chown $2 $1 (with -R for everything in it)" >&2
}
${calls.join("")}[ "$trouble" = 0 ] || exit 1`;
}
