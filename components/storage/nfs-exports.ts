import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { lookScriptPath } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import {
  lookFile,
  rootFile,
  writeHostFiles,
  writeToken,
  type HostFile,
} from "../core/host-files.ts";
import { nfsExportsFile, type NfsExport } from "./nfs-exports.plan.ts";

/** Arguments of createNfsExports. */
export interface NfsExportsArgs {
  /** ssh alias of the host that exports. */
  readonly alias: string;
  readonly exports: readonly NfsExport[];
  readonly observedToken: string | undefined;
}

const RECORD = "nfs-exports";
const EXPORTS_FILE = "/etc/exports.d/homelab.exports";
/** What the server hands out by now, one `path<tab>client(options)` a line (exportfs(8)). */
const EXPORTED = "/var/lib/nfs/etab";

/** Hands the NAS's folders to the Docker VM. The folders have to be there before. */
export function createNfsExports(
  name: string,
  args: NfsExportsArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return writeHostFiles(
    name,
    {
      alias: args.alias,
      record: RECORD,
      files: exportFiles(args.exports),
      token: writeToken(args.observedToken),
      afterwards: exportScript(args.exports),
      removal: `rm -f ${EXPORTS_FILE} ${lookScriptPath(RECORD)}; ! command -v exportfs > /dev/null || exportfs -ra`,
    },
    opts,
  );
}

/** The exports file, and the look that every observation takes: whether all are handed out. */
export function exportFiles(exports: readonly NfsExport[]): HostFile[] {
  const looks = exports.map((entry) => `${isExported(entry)}\n`);
  return [
    rootFile(EXPORTS_FILE, nfsExportsFile(exports)),
    lookFile(RECORD, `set -e\n${looks.join("")}`),
  ];
}

/**
 * The script that tells the server, which has lines of others too: what is wrong with theirs is
 * said, and only an export of ours that is not handed out fails.
 */
export function exportScript(exports: readonly NfsExport[]): string {
  const checks = exports.map(
    (entry) => `real=$(realpath ${quote(entry.path)})
if [ "$real" != ${quote(entry.path)} ]; then
  trouble "${entry.path} is a link to $real. NFS 4 hands out the folder and not the link, so the Docker VM would find nothing; make it a folder in its own place: rm ${entry.path} && mkdir ${entry.path} && echo '$real ${entry.path} none bind 0 0' >>/etc/fstab && mount ${entry.path}"
elif ! ${isExported(entry)}; then
  trouble "the NFS server does not hand ${entry.path} to ${entry.client}: $said"
fi
`,
  );
  return `command -v exportfs >/dev/null || {
  echo "$(hostname) has no NFS server; install the package nfs-kernel-server and repeat: apt-get install nfs-kernel-server" >&2
  exit 1
}
failed=0
trouble() {
  echo "$1" >&2
  failed=1
}
said=$(exportfs -ra 2>&1) || echo "exportfs on $(hostname) complains; lines of others in /etc/exports and /etc/exports.d are theirs to mend: $said" >&2
${checks.join("")}[ "$failed" = 0 ] || exit 1`;
}

function isExported({ path, client }: NfsExport): string {
  return `grep -qF "$(printf '%s\\t%s(' ${quote(path)} ${quote(client)})" ${EXPORTED}`;
}
