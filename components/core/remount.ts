import { createHash } from "node:crypto";
import { UNITS } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";

/** A mount as its unit describes it. */
export interface MountUnit {
  /** Name of the systemd unit. */
  readonly unit: string;
  /** The unit's file as it is to be. */
  readonly text: string;
  readonly path: string;
  readonly source: string;
  readonly type: string;
  readonly options: string;
}

/** Longest a program may take to end when what it has mounted is mounted anew. */
const STOP_SECONDS = 120;

/** Longest a mount may take. */
const MOUNT_SECONDS = 30;

/** Longest taking it away may take: what was written goes to the server first. */
const UNMOUNT_SECONDS = 120;

/**
 * Shell for before the units are written. Starting a unit that is active does nothing, so a mount
 * whose settings change has to go and come again, and who runs above it would go on seeing the old
 * one. It sets \`remount\` to the units this is about and \`users\` to the running containers that
 * have to start anew, and first tries the new settings elsewhere: nobody is stopped for a mount
 * that would not come back.
 */
export function planRemount(mounts: readonly MountUnit[]): string {
  return `remount= users=
remounts() {
  [ -f "${UNITS}/$1" ] && findmnt --mountpoint "$2" >/dev/null || return 0
  [ "$(sha256sum < "${UNITS}/$1" | cut -c 1-64)" != "$6" ] || return 0
  above=$(docker ps --quiet | xargs -r docker inspect --format '{{.Name}}{{range .Mounts}} {{.Source}}{{end}}' |
    awk -v path="$2" '{ for (i = 2; i <= NF; i++) if (index($i "/", path "/") == 1) { print substr($1, 2); next } }')
  if [ -n "$above" ]; then
    place=$(mktemp -d)
    if ! said=$(timeout ${MOUNT_SECONDS} mount -t "$4" -o "$5" "$3" "$place" 2>&1); then
      rmdir "$place"
      echo "the settings of $2 have changed, and with the new ones it cannot be mounted: $said" >&2
      echo "It stays as it is, because these run above it: $(echo $above). Correct nasMounts, or bring the NAS back; to do without: docker stop $(echo $above), then deploy again" >&2
      exit 1
    fi
    umount "$place"
    rmdir "$place"
  fi
  remount="$remount $2"
  users="$users $above"
}
${mounts.map(({ unit, path, source, type, options, text }) => `remounts ${[unit, path, source, type, options, sha256(text)].map(quote).join(" ")}\n`).join("")}`;
}

/**
 * Shell for after the units were written and read by systemd: removes mounts that are no longer
 * declared, and mounts those anew whose settings have changed, while who runs above them is stopped.
 * @param ground unit that every mount of ours requires, and nothing else does
 */
export function applyMounts(mounts: readonly MountUnit[], ground: string): string {
  const declared = mounts.map(({ unit }) => quote(unit)).join(" | ");
  return `grep -lsxF "Requires=${ground}" ${UNITS}/*.mount | while read -r file; do
  unit=\${file##*/}
  case "$unit" in ${declared === "" ? "''" : declared}) continue ;; esac
  systemctl --quiet disable --now "$unit" </dev/null || umount --lazy "$(systemctl show --property=Where --value "$unit")" || :
  rm -f "$file"
done
systemctl daemon-reload
if [ -n "$remount" ]; then
  users=$(printf '%s\\n' $users | sort -u)
  [ -z "$users" ] || docker stop --time ${STOP_SECONDS} $users >/dev/null
  failed=
  for path in $remount; do
    timeout ${UNMOUNT_SECONDS} umount "$path" || failed="$failed $path"
  done
  for path in $remount; do
    case "$path" in
${mounts.map(({ unit, path }) => `    ${quote(path)}) timeout ${MOUNT_SECONDS} systemctl start ${quote(unit)} || failed="$failed $path" ;;\n`).join("")}    esac
    findmnt --mountpoint "$path" >/dev/null || gone="\${gone:-} $path"
  done
  if [ -n "\${gone:-}" ]; then
    echo "could not be mounted with its new settings:$gone; stopped meanwhile:" $users >&2
    exit 1
  fi
  [ -z "$users" ] || docker start $users >/dev/null
  if [ -n "$failed" ]; then
    echo "is in use on this machine and keeps its old settings until its next start:$failed. See who uses it: fuser -vm$failed" >&2
    exit 1
  fi
fi
`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
