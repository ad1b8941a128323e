import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { packed, UNPACK } from "../../model/packed-text.ts";
import { filesFolder, filesRecord, lookScriptPath, ROOT } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { runScript } from "../../hosts/ssh.ts";
import { scriptCommand } from "./script-command.ts";

/** One file as it is to stand on the host. */
export interface HostFile {
  /** Absolute path on the host. */
  readonly path: string;
  readonly content: string;
  /** "uid:gid" */
  readonly owner: string;
  /** Octal, e.g. "0400". */
  readonly mode: string;
}

/** A file of root's, which everybody may read unless its mode says otherwise. */
export function rootFile(path: string, content: string, mode = "0644"): HostFile {
  return { path, content, owner: "0:0", mode };
}

/** What every observation runs beside the checksums of a record; it fails where something is wrong. */
export function lookFile(record: string, content: string): HostFile {
  return rootFile(lookScriptPath(record), content);
}

/** Arguments of HostFiles. */
export interface HostFilesArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  /** Name under which the host remembers what was written. */
  readonly record: string;
  /** The files; secret when one of them holds a secret. */
  readonly files: pulumi.Input<readonly HostFile[]>;
  /** Names this write, see writeToken. */
  readonly token: string;
  /** Command that removes them with the resource. @default removes the service's own folder */
  readonly removal?: string;
  /** Command run on the host before the first file is written; where it fails none is. @default none */
  readonly beforehand?: string;
  /** Command run on the host after the files were written. @default none */
  readonly afterwards?: pulumi.Input<string>;
}

/**
 * Files on a host, written in one go: each to a temporary name, then renamed, so that nobody
 * reads half a file. Contents travel on standard input, never in an argument. The host keeps the
 * checksums; when they no longer hold, the token of the next run differs and the files are
 * written again.
 */
export function writeHostFiles(
  name: string,
  args: HostFilesArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const removal = args.removal ?? `rm -rf ${quote(filesFolder(args.record))}`;
  const run = runScript(args.alias);
  return scriptCommand(
    name,
    {
      run,
      delete: `echo ${quote(`${removal}; rm -f ${quote(filesRecord(args.record))}`)} | ${run}`,
      script: pulumi
        .all([args.files, args.afterwards])
        .apply(([files, afterwards]) =>
          writeScript(files, args.record, args.token, afterwards, args.beforehand),
        ),
    },
    opts,
  );
}

/**
 * The token of a write: that of the last one while the host still has exactly those files, else
 * a time, which is never used twice, so that changed files always make a difference to show.
 * @param observed the record on the host, see Observation
 */
export function writeToken(observed: string | undefined): string {
  return observed ?? `written-${Date.now()}`;
}

/**
 * The script that writes the files and then remembers their checksums. A file that is as it has to be
 * is left as it is: who asks when it was written is told the truth. Folders that are missing are
 * made for everybody to read; those that are there belong to somebody, and keep owner and mode.
 * Only this project's own folder, and the one of its records, are opened each time: earlier versions
 * closed them to everybody but root, and then nobody could fetch Headscale's copies from below the
 * one, nor the control plane's user read its own state below the other.
 */
export function writeScript(
  files: readonly HostFile[],
  record: string,
  token: string,
  afterwards = "",
  beforehand = "",
): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const writes = sorted.map((file) => {
    const path = quote(file.path);
    return `put ${path} ${quote(file.owner)} ${quote(file.mode)} <<'END'\n${packed(file.content)}\nEND`;
  });
  const recordPath = quote(filesRecord(record));
  const sums = sorted.map((file) => quote(file.path)).join(" ");
  return `set -eu
umask 077
install -d -m 0755 ${ROOT} ${ROOT}/state
put() {
  (umask 022 && mkdir -p "\${1%/*}")
  ${UNPACK} > "$1.new"
  chown "$2" "$1.new"
  chmod "$3" "$1.new"
  if same "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}
same() {
  cmp -s "$1" "$2" &&
    [ "$(stat --format '%u:%g %a' "$1")" = "$(stat --format '%u:%g %a' "$2")" ]
}
${beforehand}${writes.join("\n")}
mkdir -p ${quote(filesRecord(record).replace(/\/[^/]*$/, ""))}
{ echo ${quote(token)}; ${sums === "" ? ":" : `sha256sum ${sums}`}; } > ${recordPath}.new
mv ${recordPath}.new ${recordPath}
${afterwards}
`;
}
