// The NAS's exports as the Docker VM gets at them. This computer's kernel has no NFS, so a program
// stands in the place of nfs-common's mount.nfs. It reads the table that the NAS's real exportfs
// wrote, as the real server does, and mounts by sshfs as whoever the export makes of root. On a
// kernel with NFS it is left out, and everything else is the same.
import { hasRole, hostWith } from "../model/host-names.ts";
import type { MachineName } from "./addresses.ts";
import type { MachineFile } from "./machine-file.ts";

/** Whose exports are mounted by whom: the NAS's by the Docker VM. None where one host is both. */
export const EXPORTS: { readonly server: MachineName; readonly client: MachineName } | undefined =
  hasRole(hostWith("storage"), "home")
    ? undefined
    : { server: hostWith("storage"), client: hostWith("home") };

/** On the Docker VM: the key that opens the NAS's exports and nothing else there. */
export const EXPORT_KEY_PATH = "/root/.ssh/nas-exports";

/** On the Docker VM: the NAS's pinned host key. */
export const EXPORT_KNOWN_HOSTS_PATH = "/root/.ssh/nas-known-hosts";

/** Who may log in to the NAS with that key, for files alone. */
export function exportKeyLine(publicKey: string): string {
  return `restrict,command="internal-sftp" ${publicKey}`;
}

/** On the NAS: users that a squashed writer becomes, and how the Docker VM logs in as them. */
export function exportServerFiles(publicKey: string): MachineFile[] {
  return [
    // Number 1000, as the first person of a Debian machine has.
    { path: "/etc/sysusers.d/exports.conf", content: 'u household 1000 "Household" /\n' },
    { path: "/etc/ssh/exports-keys", content: `${exportKeyLine(publicKey)}\n` },
    {
      path: "/etc/ssh/sshd_config.d/exports.conf",
      content: "Match User household,nobody\n  AuthorizedKeysFile /etc/ssh/exports-keys\n",
    },
  ];
}

/** On the Docker VM: what stands in the place of mount.nfs. */
export function exportClientFiles(): MachineFile[] {
  return [{ path: "/usr/sbin/mount.nfs", content: MOUNT_PROGRAM, mode: 0o755 }];
}

/**
 * - allow_other: containers run as users that did not mount it. No default_permissions: the NAS
 *   knows the writer as somebody else, and decides by itself.
 * - reconnect: without it a NAS that restarted leaves "Transport endpoint is not connected" for ever.
 * - ServerAlive…: a silent NAS becomes an error after 10 s instead of a hang without end.
 * - dcache_timeout: what the NAS changed is seen after 2 s; the default is 20.
 */
const MOUNT_PROGRAM = `#!/bin/sh
# mount.nfs <server>:<path> <point> [-o options]; see sandbox/exports.ts.
set -eu
source=$1 point=$2
server=\${source%%:*} path=\${source#*:}
login="-o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=5 -o ServerAliveCountMax=2
  -o StrictHostKeyChecking=yes -o IdentityFile=${EXPORT_KEY_PATH} -o UserKnownHostsFile=${EXPORT_KNOWN_HOSTS_PATH}"
refuse() {
  echo "mount.nfs: $1 while mounting $source" >&2
  exit 32
}
table=$(mktemp)
trap 'rm -f "$table"' EXIT
sftp -q $login "root@$server:/var/lib/nfs/etab" "$table" >/dev/null || refuse "no answer"
address=$(getent ahostsv4 "$server" | awk '{ print $1; exit }')
own=$(ip -o route get "$address" | sed 's/.* src \\([^ ]*\\).*/\\1/')
# A client is named by its address, or by the /24 that it is in.
export=$(awk -F '\\t' -v path="$path" -v one="$own(" -v many="\${own%.*}.0/24(" \\
  '$1 == path && (index($2, one) == 1 || index($2, many) == 1) { print $2; exit }' "$table")
case $export in
'') refuse "access denied by server" ;;
*,all_squash*) uid=$(echo "$export" | sed 's/.*,anonuid=\\([0-9]*\\).*/\\1/') ;;
*,no_root_squash*) uid=0 ;;
# A user other than root would stay who it is over NFS. Here all come as nobody: less than there.
*) uid=65534 ;;
esac
case $uid in
0) user=root ;;
1000) user=household ;;
65534) user=nobody ;;
*) refuse "the sandbox's NAS has no user $uid" ;;
esac
mode=rw
case $export in *"(ro,"*) mode=ro ;; esac
sshfs $login -o "fsname=$source,$mode,allow_other,reconnect,dcache_timeout=2" \\
  "$user@$server:$path" "$point" || refuse "no answer"
`;
