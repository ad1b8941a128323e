import { quote } from "../../model/shell-text.ts";
import type { BackupProgram, Keep } from "./program.ts";

/** What a backup job has to know. Rendered into its text, since cron hands on no environment. */
export interface JobSettings {
  readonly program: Pick<
    BackupProgram,
    "name" | "server" | "environment" | "cacheVariable" | "unlock" | "job"
  >;
  /** Time zone of the schedule and of the Sunday check. */
  readonly timezone: string;
  /** Owner of the copies: the sidecar's name, because a container's own host name changes with
   * every replacement, and retention would start anew each time. */
  readonly host: string;
  readonly tag: string;
  /** Folders in the container that are copied. */
  readonly paths: readonly string[];
  /** Patterns left out. */
  readonly excludes: readonly string[];
  /** SQLite files (paths in the container) that an app may be writing. */
  readonly sqlite: readonly string[];
  /** Folder shared with a database that dumps on request, see database-dump.plan.ts. */
  readonly dumpFolder?: string;
  readonly keep: Keep;
  /** Share of the last copies' size below which a copy is suspicious, in percent; 0: none is. */
  readonly leastPercent: number;
  /** Folder of the state volume. */
  readonly state: string;
  /** Folders that programs are looked for in. */
  readonly searchPath: string;
}

/** Seconds that a database may take for its dump. */
const DUMP_SECONDS = 3600;
/** Good copies that a new one is compared with: so many at most, and at least. */
const SIZES_KEPT = 5;
const SIZES_NEEDED = 3;
/** Below it the share of a few files says nothing. */
const SMALLEST_BYTES = 1024 ** 2;

/**
 * The job of a backup sidecar, for a busybox (no jq, no bash, no sqlite3).
 * It leaves its result in `<state>/last-run`, one `key=value` a line; the health check reads it. A
 * good one stays in `<state>/last-good` too when later runs fail; the host tells its age.
 *
 * SQLite without its tool: database, write-ahead log and journal are copied, then compared with
 * the originals. Copies that still equal them are one moment's state, as after a power cut, which
 * SQLite recovers by itself. (Its own tool could not open a write-ahead log on a read-only mount.)
 * The originals are in the copy too, for their owner, mode and times; a restore puts the
 * copies' content in their place.
 *
 * A database that could not be copied or dumped makes the run a failed one, and everything else is
 * copied all the same.
 */
export function jobScript(settings: JobSettings): string {
  const copied = [
    ...settings.paths,
    ...(settings.sqlite.length > 0 ? [`${settings.state}/stage`] : []),
    ...(settings.dumpFolder === undefined ? [] : [`${settings.dumpFolder}/dump`]),
  ];
  const { program, host, tag } = settings;
  const { name, job } = program;
  const store = program.server ? `the ${name} server` : "the place of the copies";
  return `#!/bin/sh
# Copies what this container protects to ${store}. crond starts it; by hand:
#   docker exec ${settings.host} /backup.sh
set -u
export PATH=${quote(settings.searchPath)}
export TZ=${quote(settings.timezone)} HOME=/root
${exported(program.environment)}state=${quote(settings.state)}
${program.cacheVariable === undefined ? "" : `export ${program.cacheVariable}="$state/cache"\n`}output="$state/output"
started=$(date +%s)
snapshot=
lost=

finish() {
  printf 'result=%s\\nstarted=%s\\nfinished=%s\\nsnapshot=%s\\nmessage=%s\\n' \\
    "$1" "$started" "$(date +%s)" "$snapshot" "$2" >"$state/last-run.new"
  mv "$state/last-run.new" "$state/last-run"
  [ "$1" != ok ] || { cp "$state/last-run" "$state/last-good.new" && mv "$state/last-good.new" "$state/last-good"; }
  echo "backup of ${settings.tag}: $1: $2"
}

fail() {
  finish failed "$1"
  exit 1
}

# lose <what>: the run goes on and ends as failed
lose() {
  echo "backup of ${settings.tag}: $1"
  lost="\${lost:+$lost; }$1"
}

# The line of a failed program's output that says why.
reason() {
  { grep -i -e fatal -e error "$output" || tail -n 1 "$output"; } | head -n 1 | cut -c 1-300
}

# step <what> <program> <arguments...>: shows the program's output; ends the job if it fails
step() {
  what=$1
  shift
  "$@" >"$output" 2>&1
  code=$?
  cat "$output"
  [ "$code" -eq 0 ] || fail "$what, exit code $code: $(reason)"
}

exec 9>"$state/lock"
if ! flock -n 9; then
  echo "backup of ${settings.tag}: another run is under way; this one does nothing"
  exit 75
fi
echo $$ >"$state/running"
trap 'rm -f "$state/running"' EXIT
trap 'fail "stopped by a signal"' HUP INT TERM

${program.server ? `# Without a limit ${name} would try an absent server for a quarter of an hour.\n` : ""}if ! ${job.open} >"$output" 2>&1; then
  why=$(reason)
  # A repository that was there is not made anew: an empty one would hide that all copies are gone.
  if [ -e "$state/known" ] || grep -qs '^result=ok' "$state/last-run"; then
    fail "the repository cannot be opened ($why), and was there before: is ${store} well, and its disk mounted? To start a new one: docker exec ${settings.host} rm -f ${settings.state}/known ${settings.state}/last-run ${settings.state}/last-good"
  fi
  ${job.make} >"$output" 2>&1 ||
    fail "the repository cannot be opened ($why) nor created ($(reason))"
  echo "backup of ${settings.tag}: made a new repository"
fi
touch "$state/known"
${unlockPart(program)}${settings.sqlite.length > 0 ? sqlitePart(settings) : ""}${dumpPart(settings)}
note=
${job.copy({ host, tag }, copied, settings.excludes)} >"$output" 2>&1
code=$?
cat "$output"
case $code in
0) ;;
${partlyPart(job)}*) fail "copying failed, exit code $code: $(reason)" ;;
esac
snapshot=$(${job.made})
[ -n "$snapshot" ] || fail "${name} reported no snapshot"
${sizePart(settings)}
${job.forget({ host, tag }, settings.keep)} >"$output" 2>&1 ||
  note="$note; old snapshots could not be removed: $(reason)"
cat "$output"
if [ "$(date +%u)" = 7 ]; then
  step "the check of the repository failed" ${job.check}
fi
[ -z "$lost" ] || fail "$lost; all else is in snapshot $snapshot"
finish ok "snapshot $snapshot$note"
`;
}

/** Settings of the program, a line for each. */
function exported(environment: BackupProgram["environment"]): string {
  return Object.entries(environment)
    .map(([variable, value]) => `export ${variable}=${quote(value)}\n`)
    .join("");
}

function unlockPart({ unlock }: Pick<BackupProgram, "unlock">): string {
  if (unlock === undefined) return "";
  return `# Only locks that a killed run left behind.
${unlock} >"$output" 2>&1 || cat "$output"
`;
}

function partlyPart({ partly }: BackupProgram["job"]): string {
  if (partly === undefined) return "";
  return `# All but some files is in the snapshot. One that its owner removed meanwhile is no loss.
${partly.exitCode})
  unread=$(${partly.unread})
  if [ -z "$unread" ]; then note="; some files vanished while they were copied"
  else lose "some files could not be read: $unread"; fi
  ;;
`;
}

/** Where data is gone the copies from before are what is left of it: nothing is removed then. */
function sizePart({ program, host, state, leastPercent }: JobSettings): string {
  if (leastPercent === 0) return "";
  return `
# A copy that is far smaller than each of the last ones lacks something, until a person says otherwise.
size=$(${program.job.size})
sizes=$(grep -cs . "$state/sizes")
usual=$(sort -n "$state/sizes" 2>/dev/null | head -n 1)
if [ -n "$size" ] && [ -z "$lost" ]; then
  if [ "\${sizes:-0}" -ge ${SIZES_NEEDED} ] && [ "$usual" -ge ${SMALLEST_BYTES} ] && [ "$size" -lt $((usual * ${leastPercent} / 100)) ]; then
    fail "snapshot $snapshot has $size bytes, and each of the last $sizes had $usual or more: what is missing? No older one was removed. If nothing is: docker exec ${host} sh -c 'rm ${state}/sizes && /backup.sh'"
  fi
  { tail -n ${SIZES_KEPT - 1} "$state/sizes" 2>/dev/null; echo "$size"; } >"$state/sizes.new"
  mv "$state/sizes.new" "$state/sizes"
fi
`;
}

function words(texts: readonly string[]): string {
  return texts.map(quote).join(" ");
}

function sqlitePart(settings: JobSettings): string {
  return `
# The shared memory file is left out: SQLite makes it anew from the log.
same() {
  if [ -e "$1" ]; then cmp -s "$1" "$2"; else [ ! -e "$2" ]; fi
}
stage_sqlite() {
  copy="$state/stage$1"
  mkdir -p "\${copy%/*}"
  tries=0
  while [ "$tries" -lt 30 ]; do
    rm -f "$copy" "$copy-wal" "$copy-journal"
    for part in -journal -wal ''; do
      [ ! -e "$1$part" ] || cp "$1$part" "$copy$part" 2>"$output" || return 1
    done
    if same "$1-journal" "$copy-journal" && same "$1-wal" "$copy-wal" && same "$1" "$copy"; then
      return 0
    fi
    tries=$((tries + 1))
    sleep 1
  done
  echo "it changed during each of $tries copies" >"$output"
  return 1
}
rm -rf "$state/stage"
mkdir -p "$state/stage"
for database in ${words(settings.sqlite)}; do
  [ -e "$database" ] || continue
  stage_sqlite "$database" || {
    lose "$database could not be copied: $(reason)"
    rm -f "$state/stage$database" "$state/stage$database-wal" "$state/stage$database-journal"
  }
done
`;
}

function dumpPart({ dumpFolder: folder, paths }: JobSettings): string {
  if (folder === undefined) return "";
  // Without the dump there may be nothing else to copy.
  const missing = paths.length === 0 ? "fail" : "lose";
  return `
mkdir -p ${folder}/dump
# The database's own container makes the dump (docs/adr/0003-database-dumps.md).
ask="$started-$$"
echo "$ask" >${folder}/request.new && mv ${folder}/request.new ${folder}/request
waited=0
until [ "$(head -n 1 ${folder}/answer 2>/dev/null)" = "$ask" ]; do
  if [ "$waited" -ge ${DUMP_SECONDS} ]; then
    rm -f ${folder}/request
    break
  fi
  sleep 1
  waited=$((waited + 1))
done
if [ "$waited" -ge ${DUMP_SECONDS} ]; then
  ${missing} "the database made no dump within ${DUMP_SECONDS} s; does its container run?"
else
  answer=$(sed -n 2p ${folder}/answer)
  [ "$answer" = ok ] || ${missing} "the database could not be dumped: $answer"
fi
`;
}
