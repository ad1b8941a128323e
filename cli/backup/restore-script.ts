import { FOLDER_MARKER } from "../../model/gate-script.ts";
import { quote } from "../../model/shell-text.ts";
import type { BackupProgram } from "../../components/backup/program.ts";
import { besideSidecar, copiesPrelude, writeScript } from "./beside.ts";
import { PLACE_FUNCTIONS } from "./host-places.ts";
import type { Place, RestoreJob } from "./places.ts";
import { stagedCopies } from "./restore-look.ts";

/** Longest time of a restore; a photo library over a slow line takes hours. */
export const RESTORE_SECONDS = 12 * 3600;

/**
 * Shell function `sqlite <copies> <restored>`: gives every SQLite file that has a copy of one
 * moment (docs/adr/0013-who-copies-what.md) the content of that copy and of its log. Owner, mode
 * and times stay those of the file itself; what lay beside it and belongs to another moment goes.
 */
export const SQLITE_FUNCTION = `sqlite() {
  [ -d "$1" ] || return 0
  find "$1" -type f >"$room/databases"
  while IFS= read -r copy; do
    case $copy in *-wal | *-journal) [ ! -e "\${copy%-*}" ] || continue ;; esac
    file=$2\${copy#"$1"}
    around=$(dirname "$file")
    # A link that an app made must not lead the content out of the restored folder.
    case $(readlink -m "$around")/ in "$2"/*) ;; *) echo "$file leads elsewhere" >&2; return 1 ;; esac
    mkdir -p "$around" && touch -r "$around" "$room/around" || return 1
    for part in '' -wal -journal; do
      [ ! -L "$file$part" ] || rm "$file$part" || return 1
      if [ ! -e "$copy$part" ]; then
        rm -f "$file$part" || return 1
        continue
      fi
      like=$file$part
      [ -e "$like" ] || like=$file
      [ -e "$like" ] || like=$around
      touch -r "$like" "$room/time" || return 1
      if [ ! -e "$file$part" ]; then
        : >"$file$part" && chown --reference="$like" "$file$part" || return 1
        [ "$like" = "$around" ] || chmod --reference="$like" "$file$part" || return 1
      fi
      cat "$copy$part" >"$file$part" && touch -r "$room/time" "$file$part" || return 1
    done
    rm -f "$file-shm" && touch -r "$room/around" "$around" || return 1
  done <"$room/databases"
}
`;

/**
 * Seconds for a container of which the engine does not know the time to stop: one that this
 * program did not make, or made before it told the engine. Long enough for a database.
 */
export const UNTOLD_STOP_SECONDS = 120;

/**
 * Shell functions that use the folder $room: `fail <reason>`; `stop`, which stops the containers
 * that are listed in $room/writers, each in the time it has for that; `start`, which starts those
 * again.
 */
export const STOP_AND_START = `fail() {
  echo "problem $1"
  exit 1
}
stopped=
stop() {
  while read -r name; do
    stopped="$stopped $name"
    seconds=$(docker container inspect --format '{{.Config.StopTimeout}}' "$name" 2>/dev/null </dev/null)
    case $seconds in "" | *[!0-9]*) seconds=${UNTOLD_STOP_SECONDS} ;; esac
    docker stop -t "$seconds" "$name" >/dev/null 2>"$room/errors" </dev/null ||
      fail "$name could not be stopped: $(tail -n 1 "$room/errors")"
    echo "stopped $name"
  done <"$room/writers"
}
start() {
  for name in $stopped; do
    docker start "$name" >/dev/null 2>"$room/errors" && echo "started $name" ||
      echo "unstarted $name $(tail -n 1 "$room/errors")"
  done
}
`;

/**
 * A script for the host: restores into a scratch folder, stops who writes, moves what is there
 * aside and the restored content in, and starts them again. Whatever fails or interrupts it, what
 * was there is moved back.
 * @param snapshot id
 * @param end shell for when it is done, e.g. "start\n", which starts again what was stopped
 */
export function restoreScript({ job, places }: RestoreJob, snapshot: string, end: string): string {
  const inner = snapshotRestoreScript(job.program, places, snapshot);
  const each = (name: string): string =>
    places
      .map(
        ({ source, target }, index) =>
          `${name} ${index} ${quote(source)} ${quote(target)} ${quote(stagedCopies(target))}\n`,
      )
      .join("");
  return `set -u
umask 077
${besideSidecar(job.sidecar.name)}${PLACE_FUNCTIONS}${SQLITE_FUNCTION}
room=$(mktemp -d /var/tmp/homelab-restore.XXXXXX) || exit 1
finished=
# For each place n the links n.path, n.new (restored) and n.kept, and the file n.moving.
${STOP_AND_START}# Moves all that is in one folder into another; what we keep ourselves stays.
move() {
  find "$1/" -mindepth 1 -maxdepth 1 ! -path "$1/homelab-replaced" -exec mv -t "$2" {} +
}
# Gives a folder the owner, mode and times of another.
like() {
  chown --reference="$1" "$2" && chmod --reference="$1" "$2" && touch -r "$1" "$2"
}
end() {
  trap '' HUP INT TERM PIPE
  if [ -z "$finished" ]; then
    for mark in "$room"/*.moving; do
      [ -e "$mark" ] || continue
      n=\${mark%.moving}
      path=$(readlink "$n.path")
      kept=$(readlink "$n.kept")
      { [ "$(cat "$mark")" = out ] || move "$path" "$(readlink "$n.new")"; } &&
        move "$kept" "$path" && like "$kept" "$path" && touch -r "$n.time" "$path" && rmdir "$kept" ||
        echo "problem what was in $path lies in $kept"
    done
    start
  fi
  for scratch in "$room"/*.scratch; do
    [ -L "$scratch" ] && rm -rf "$(readlink "$scratch")"
  done
  rm -rf "$room"
}
trap end EXIT
trap 'exit 1' HUP INT TERM PIPE

set -- "$image" /room/restore.sh
prepare() {
  path=$(folder "$2") || fail "$2 is not there any more"
  aside=$(aside "$path")
  mkdir -p "$aside" && chmod 700 "$aside" || fail "no folder can be made in $aside"
  scratch=$(mktemp -d "$aside/unfinished.XXXXXX") || fail "no folder can be made in $aside"
  ln -s "$scratch" "$room/$1.scratch"
  ln -s "$path" "$room/$1.path"
  ln -s "$scratch$3" "$room/$1.new"
}
${each("prepare")}${writeScript('"$room/restore.sh"', inner)}${places
    .map(
      (_, index) =>
        `set -- --volume "$(readlink "$room/${index}.scratch"):/scratch/${index}" "$@"\n`,
    )
    .join(
      "",
    )}beside ${RESTORE_SECONDS} --volume "$room:/room" "$@" >"$room/said" 2>"$room/errors" ||
  fail "$(grep . "$room/said" || tail -n 1 "$room/errors")"
ready() {
  new=$(readlink "$room/$1.new")
  [ -d "$new" ] || fail "the snapshot has nothing of $2"
  # Else the copy would lie on the disk below, with the marker that says otherwise.
  [ ! -e "$new/${FOLDER_MARKER}" ] || [ -e "$(readlink "$room/$1.path")/${FOLDER_MARKER}" ] ||
    fail "$2 is not the folder that was copied (no ${FOLDER_MARKER}); is its disk mounted? pulumi up makes a new one"
  sqlite "$(readlink "$room/$1.scratch")$4" "$new" 2>"$room/errors" ||
    fail "the SQLite files of $2: $(tail -n 1 "$room/errors")"
}
${each("ready")}
# Restoring may take hours. Who asked for it may be gone by now, and then nothing is changed.
echo restored
for link in "$room"/*.path; do writers "$(readlink "$link")"; done | sort -u >"$room/writers"
stop

now=$(date +%Y%m%d-%H%M%S)
# From here on it is short, and either done or undone.
trap '' HUP INT TERM PIPE
swap() {
  path=$(readlink "$room/$1.path")
  new=$(readlink "$room/$1.new")
  kept="$(aside "$path")/$(echo "\${2#/}" | tr / _)-$now"
  mkdir "$kept" && like "$path" "$kept" || fail "$kept cannot be made"
  ln -s "$kept" "$room/$1.kept"
  # Moving changes a folder's time.
  touch -r "$path" "$room/$1.time"
  echo out >"$room/$1.moving"
  move "$path" "$kept" 2>"$room/errors" || fail "$path: $(tail -n 1 "$room/errors")"
  touch -r "$room/$1.time" "$kept"
  echo in >"$room/$1.moving"
  touch -r "$new" "$room/time"
  move "$new" "$path" 2>"$room/errors" || fail "$path: $(tail -n 1 "$room/errors")"
  touch -r "$room/time" "$new" && like "$new" "$path" || fail "$path cannot be given its owner"
}
${each("swap")}finished=yes
kept() {
  kept=$(readlink "$room/$1.kept")
  rmdir "$kept" 2>/dev/null || echo "kept $1 $kept"
}
${each("kept")}# A folder that was removed and made anew is another one to a container that runs.
current() {
  seen=$(docker exec ${quote(job.sidecar.name)} stat -c %d:%i "$3" 2>/dev/null </dev/null)
  [ "$seen" = "$(stat -c %d:%i "$(readlink "$room/$1.path")")" ] || stale=yes
}
stale=
${each("current")}[ -z "$stale" ] || docker restart ${quote(job.sidecar.name)} >/dev/null
${end}echo end
`;
}

/** What runs beside the sidecar: each place into a scratch folder of its own. */
export function snapshotRestoreScript(
  program: BackupProgram,
  places: readonly Place[],
  snapshot: string,
): string {
  const steps = places.map(
    ({ target }, index) =>
      `restore /scratch/${index} ${quote(target)} ${quote(stagedCopies(target))}\n`,
  );
  const unlock =
    program.unlock === undefined
      ? ""
      : `# Only locks that a killed run left behind.\n${program.unlock} >/dev/null 2>&1\n`;
  return `${copiesPrelude(program, "/room")}${unlock}restore() {
  put_back ${quote(snapshot)} "$1" "$2" "$3" 2>/room/errors && return
  echo "snapshot ${snapshot} cannot be restored: $(reason)"
  exit 1
}
${steps.join("")}`;
}
