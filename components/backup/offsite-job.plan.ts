import { FOLDER_MARKER } from "../../model/gate-script.ts";
import { quote } from "../../model/shell-text.ts";
import type { SentCopies } from "./program.ts";

/** What the off-site job has to know. Rendered into its text, since cron hands on no environment. */
export interface OffsiteSettings {
  /** What is sent. */
  readonly sent: SentCopies;
  readonly timezone: string;
  /** Where Headscale's copies are fetched. @default nowhere: there is no Headscale */
  readonly headscale?: {
    /** "user@host" of the VPS. */
    readonly source: string;
    /** Folder of the VPS with the copies. */
    readonly folder: string;
  };
  /** Remote of rclone's configuration and folder in it, e.g. "gdrive-crypt:homelab". */
  readonly remote: string;
  /** Bytes per second as rclone writes them, e.g. "5M". */
  readonly bandwidth: string;
  /** Where ntfy is, e.g. "https://notify.example.org". */
  readonly ntfy: string;
  readonly topics: {
    readonly good: string;
    /** @default a failure is told by somebody else, out of the job's record */
    readonly bad?: string;
  };
  /** File in the container with the header that logs in to ntfy. */
  readonly ntfyHeader: string;
  /** Folder with the result of the last run. */
  readonly state: string;
  readonly searchPath: string;
}

/** Paths in the container. */
export const OFFSITE_PATHS = {
  staging: "/data/headscale",
  ssh: "/root/.ssh",
  rclone: "/config/rclone",
} as const;

/** Where the storage's copies are in the container. */
export function sentFolder({ name }: SentCopies): string {
  return `/data/${name}`;
}

/** Pattern of grep for the marks of a list of files. */
function marksOf({ mark }: SentCopies): string {
  const names = mark.map((name) => (name === "*" ? "[^/]+" : name.replaceAll(".", "\\.")));
  return `^${names.join("/")}$`;
}

/** Days that what a run replaced or removed at the remote is kept there. */
const KEPT_DAYS = 30;
/** Most files that one run may remove at the remote: a share of what is there, and a few. */
const REMOVED_PERCENT = 50;
const REMOVED_LEAST = 10;

/** Hours that fetched copies stay on the NAS. */
const STAGING_HOURS = 48;

/**
 * Sends all copies away, and Headscale's copies, which it fetches from the VPS. It
 * leaves its result where the health check of the backup sidecars looks for it.
 *
 * A mirror hands on a loss, so it sends nothing when it cannot account for what is at the remote:
 * the folder's marker has to be there (its disk is), and each place of copies that was sent before. What
 * it removes at the remote lies beside it for a time, and is a share of it at most. What cannot be
 * fetched from the VPS makes the run a failed one, and the copies are sent all the same.
 */
export function offsiteJobScript(settings: OffsiteSettings): string {
  const { rclone } = OFFSITE_PATHS;
  const { remote, topics, sent } = settings;
  const repositories = sentFolder(sent);
  const there = `${remote}/${sent.name}`;
  const headscale = settings.headscale && headscaleSteps(settings, settings.headscale);
  return `#!/bin/sh
# Sends the backups away. crond starts it; by hand: docker exec offsite-sync /backup.sh
set -u
export PATH=${quote(settings.searchPath)}
export TZ=${quote(settings.timezone)} HOME=/root RCLONE_CONFIG=${rclone}/rclone.conf
state=${quote(settings.state)}
output="$state/output"
started=$(date +%s)
lost=

finish() {
  printf 'result=%s\\nstarted=%s\\nfinished=%s\\nsnapshot=\\nmessage=%s\\n' \\
    "$1" "$started" "$(date +%s)" "$2" >"$state/last-run.new"
  mv "$state/last-run.new" "$state/last-run"
  [ "$1" != ok ] || { cp "$state/last-run" "$state/last-good.new" && mv "$state/last-good.new" "$state/last-good"; }
  echo "off-site: $1: $2"
}

# The login stands in a file, so that no list of processes shows it. An ntfy that is away is no
# reason to call the copies bad.
tell() {
  curl -fsS --max-time 20 -H @${settings.ntfyHeader} -H "Title: Off-site copy" -H "Priority: $2" \\
    --data "$3" ${quote(settings.ntfy)}/"$1" >/dev/null 2>&1 || echo "off-site: ntfy did not take the message"
}

fail() {
  finish failed "$1"
${topics.bad === undefined ? "" : `  tell ${topics.bad} urgent "$1"\n`}  exit 1
}

# lose <what>: the run goes on and ends as failed
lose() {
  echo "off-site: $1"
  lost="\${lost:+$lost; }$1"
}

# The last line of a failed program's output.
reason() { tail -n 1 "$output" | cut -c 1-300; }

step() {
  what=$1
  shift
  "$@" >"$output" 2>&1
  code=$?
  cat "$output"
  [ "$code" -eq 0 ] || fail "$what, exit code $code: $(reason)"
}

exec 9>"$state/lock"
flock -n 9 || { echo "off-site: another run is under way; this one does nothing"; exit 75; }
echo $$ >"$state/running"
trap 'rm -f "$state/running" "$state/fetched.tar"' EXIT
trap 'fail "stopped by a signal"' HUP INT TERM

[ -s ${rclone}/rclone.conf ] ||
  fail "rclone knows no remote yet; set it up once: docker exec -it offsite-sync rclone config"
${headscale?.fetch ?? ""}[ -f ${repositories}/${FOLDER_MARKER} ] ||
  fail "the NAS's folder of repositories is not what it was (no ${FOLDER_MARKER}): is its disk mounted? Nothing was sent, and nothing removed at the remote"
rclone lsf -R --files-only ${quote(there)} >"$state/there" 2>"$output"
code=$?
# 3: the folder is not there, because nothing was ever sent.
case $code in 0 | 3) ;; *) fail "the remote could not be listed, exit code $code: $(reason)" ;; esac
gone=
for config in $(grep -E ${quote(marksOf(sent))} "$state/there"); do
  [ -s "${repositories}/$config" ] || gone="$gone \${config%/${sent.mark.at(-1)}}"
done
[ -z "$gone" ] ||
  fail "at the remote and not on the NAS any more:$gone. Nothing was sent, and nothing removed at the remote. Put them back from there, or say that they may go: docker exec offsite-sync rclone move ${there}/<name> ${remote}/removed/<name>"
ls ${repositories}/${sent.mark.join("/")} >/dev/null 2>&1 || fail "there is no repository on the NAS yet"
most=$(($(wc -l <"$state/there") * ${REMOVED_PERCENT} / 100 + ${REMOVED_LEAST}))
replaced=${quote(`${remote}/replaced`)}/$(date +%Y-%m-%d)
step "${sent.what} could not be sent" rclone sync ${repositories} ${quote(there)} \\
  --max-delete "$most" --backup-dir "$replaced/${sent.name}" --bwlimit ${quote(settings.bandwidth)} --transfers 4
${headscale?.send ?? ""}# What was replaced long ago. A name is the day; their files keep times of their own.
oldest=$(date -d "@$((started - ${KEPT_DAYS} * 86400))" +%Y-%m-%d)
rclone lsf --dirs-only ${quote(`${remote}/replaced`)} 2>/dev/null | while read -r day; do
  if expr "\${day%/}" '<' "$oldest" >/dev/null; then rclone purge ${quote(`${remote}/replaced`)}/"\${day%/}"; fi
done
[ -z "$lost" ] || fail "$lost; ${sent.what} are at ${remote}"
finish ok "everything is at ${remote}"
tell ${topics.good} default "everything is at ${remote}"
`;
}

/**
 * The steps for Headscale's copies: before everything else is sent, and after it. On the VPS they ask
 * for no more than a fresh Debian has, and for files that the login may read: what the job there keeps
 * for itself has no "_" in its name.
 */
function headscaleSteps(
  { remote, bandwidth }: OffsiteSettings,
  { source, folder }: NonNullable<OffsiteSettings["headscale"]>,
) {
  const { staging, ssh } = OFFSITE_PATHS;
  // A line that is silent for two minutes is given up.
  const login = `-i ${ssh}/offsite-key -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=20 -o ServerAliveInterval=30 -o ServerAliveCountMax=4 -o UserKnownHostsFile=${ssh}/known_hosts ${quote(source)}`;
  return {
    fetch: `fetched=no
if [ ! -s ${ssh}/offsite-key ]; then
  lose "${ssh}/offsite-key is missing; put the key and known_hosts into the volume offsite-ssh"
elif ! ssh ${login} ${quote(`cd ${folder} && find . -type f -name "*_*" -print0 | tar -cf - --null -T -`)} >"$state/fetched.tar" 2>"$output" ||
  ! tar -xof "$state/fetched.tar" -C ${staging} >>"$output" 2>&1; then
  lose "Headscale's copies could not be fetched: $(reason)"
else
  find ${staging} -type f -mmin +${STAGING_HOURS * 60} -delete
  if ls ${staging}/db_* >/dev/null 2>&1; then fetched=yes
  else lose "the VPS has no copy of Headscale younger than ${STAGING_HOURS} h"; fi
fi
`,
    // Only after a good fetch: else what stayed here would run out, and the remote with it.
    send: `if [ "$fetched" = yes ]; then
  step "Headscale's copies could not be sent" rclone sync ${staging} ${quote(`${remote}/headscale`)} \\
    --backup-dir "$replaced/headscale" --bwlimit ${quote(bandwidth)} --transfers 4
fi
`,
  };
}

/** Puts in what the rclone image lacks, then starts as every backup sidecar does. */
export function offsiteStartScript(): string {
  return `#!/bin/sh
set -eu
for tool in ssh curl; do
  command -v "$tool" >/dev/null || { apk add --no-cache openssh-client curl tzdata; break; }
done
exec /bin/sh /backup-start.sh
`;
}
