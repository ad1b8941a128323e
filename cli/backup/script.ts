import { SIDECAR_PATHS } from "../../components/core/restic-sidecar.plan.ts";
import { quote } from "../../model/shell-text.ts";
import type { BackupJob } from "./jobs.ts";

/** Longest time of the whole restore. */
export const VERIFY_SECONDS = 3600;

/** Room that must be left on the host's disk beside the restored files, in KiB: 1 GiB. */
const SPARE_KIB = 1024 * 1024;

/**
 * A script for the host: restores the newest copy beside the sidecar, in a container of its own
 * that has what the sidecar has (network, secrets, data, all read-only) and a scratch folder on
 * the host. The sidecar itself could not give restored files their owners: it lacks the
 * capability, and does not need it to copy.
 */
export function verifyScript(job: BackupJob): string {
  const sidecar = quote(job.sidecar.name);
  const inner = Buffer.from(restoreScript(job)).toString("base64");
  return `set -u
running=$(docker container inspect --format '{{.State.Running}}' ${sidecar} 2>/dev/null)
[ "$running" = true ] || { echo "stopped"; exit 0; }
image=$(docker container inspect --format '{{.Image}}' ${sidecar})
scratch=$(mktemp -d /var/tmp/homelab-verify.XXXXXX) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
base64 -d > "$scratch/restore.sh" <<'END'
${inner}
END
free=$(df -Pk "$scratch" | awk 'NR == 2 { print $4 }')
timeout ${VERIFY_SECONDS} docker run --rm --user 0:0 --security-opt no-new-privileges \\
  --volumes-from ${sidecar}:ro --network container:${sidecar} --volume "$scratch:/scratch" \\
  --env FREE_KIB="$free" --entrypoint /bin/sh "$image" /scratch/restore.sh </dev/null
`;
}

/**
 * What runs in that container: one line per fact. Every file is named twice, with its hash and
 * with its times; the live ones first with the hash, so that one that changes meanwhile shows a
 * newer time.
 */
export function restoreScript(job: BackupJob, scratch = "/scratch"): string {
  const { repositoryFile, passwordFile } = SIDECAR_PATHS;
  return `set -u
export RESTIC_REPOSITORY_FILE=${repositoryFile} RESTIC_PASSWORD_FILE=${passwordFile}
export HOME=${scratch} RESTIC_CACHE_DIR=${scratch}/cache
# With --json some versions of restic wrap the reason too.
reason() { tail -n 1 ${scratch}/errors | sed 's/.*"message":"\\(.*\\)"}*$/\\1/' | cut -c 1-300; }
fail() { echo "problem $1: $(reason)"; exit 0; }
if ! timeout 120 restic snapshots latest --host ${quote(job.sidecar.name)} --json >${scratch}/found 2>${scratch}/errors; then
  # A repository is made by its first copy.
  if grep -q "does not exist" ${scratch}/errors; then echo none; exit 0; fi
  fail "the repository cannot be opened"
fi
id=$(sed -n 's/.*"short_id":"\\([0-9a-f]*\\)".*/\\1/p' ${scratch}/found)
[ -n "$id" ] || { echo "none"; exit 0; }
echo "snapshot $(cat ${scratch}/found)"
size=$(restic stats "$id" --mode restore-size --json 2>${scratch}/errors | sed -n 's/.*"total_size":\\([0-9]*\\).*/\\1/p')
[ -n "$size" ] || fail "the size of snapshot $id cannot be read"
if [ $((size / 1024 + ${SPARE_KIB})) -gt "$FREE_KIB" ]; then echo "space $size $FREE_KIB"; exit 0; fi
restic restore "$id" --target ${scratch}/restored >${scratch}/output 2>${scratch}/errors ||
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
