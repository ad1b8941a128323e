import { SIDECAR_PATHS } from "../../components/backup/job-paths.ts";
import { NEVER_COPIED } from "../../components/backup/program.ts";
import { quote } from "../../model/shell-text.ts";
import { besideSidecar, copiesPrelude, writeScript } from "./beside.ts";
import type { BackupJob } from "./jobs.ts";

/** Longest time of the whole restore. */
export const VERIFY_SECONDS = 3600;

/** Room that must be left on the host's disk beside the restored files, in KiB: 1 GiB. */
const SPARE_KIB = 1024 * 1024;

/**
 * A script for the host: restores the newest copy beside the sidecar, into a scratch folder on
 * the host.
 */
export function verifyScript(job: BackupJob): string {
  return `set -u
${besideSidecar(job.sidecar.name)}scratch=$(mktemp -d /var/tmp/homelab-verify.XXXXXX) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
${writeScript('"$scratch/restore.sh"', restoreScript(job))}free=$(df -Pk "$scratch" | awk 'NR == 2 { print $4 }')
beside ${VERIFY_SECONDS} --volume "$scratch:/scratch" --env FREE_KIB="$free" "$image" \\
  /scratch/restore.sh
`;
}

/**
 * What runs in that container: one line per fact. Every file is named twice, with its hash and
 * with its times; the live ones first with the hash, so that one that changes meanwhile shows a
 * newer time.
 */
export function restoreScript(job: BackupJob, scratch = "/scratch"): string {
  return `${copiesPrelude(job.program, scratch)}fail() { echo "problem $1: $(reason)"; exit 0; }
copy_named ${quote(job.sidecar.name)} >${scratch}/found 2>${scratch}/errors
case $? in
0) ;;
${NEVER_COPIED}) echo none; exit 0 ;;
*) fail "the repository cannot be opened" ;;
esac
id=$(tail -n 1 ${scratch}/found | cut -d ' ' -f 1)
[ -n "$id" ] || { echo "none"; exit 0; }
echo "snapshot $(tail -n 1 ${scratch}/found)"
size=$(bytes_of "$id" 2>${scratch}/errors)
[ -n "$size" ] || fail "the size of snapshot $id cannot be read"
if [ $((size / 1024 + ${SPARE_KIB})) -gt "$FREE_KIB" ]; then echo "space $size $FREE_KIB"; exit 0; fi
put_back "$id" ${scratch}/restored 2>${scratch}/errors ||
  fail "snapshot $id cannot be restored"
list() {
  find "$2" -type f -exec sha256sum {} + 2>/dev/null | sed "s/^/$1-sum /"
  find "$2" -type f -exec stat -c '%Y %Z %s %n' {} + 2>/dev/null | sed "s/^/$1-stat /"
}
cd ${scratch}/restored && list copy .
for folder in ${job.folders.map(quote).join(" ")}; do list live "$folder"; done
for folder in ${SIDECAR_PATHS.dumps}; do [ ! -d "$folder" ] || list live "$folder"; done
echo end
`;
}
