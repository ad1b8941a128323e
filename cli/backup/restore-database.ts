import { SIDECAR_PATHS } from "../../components/backup/job-paths.ts";
import { ROOT } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { besideSidecar, writeScript } from "./beside.ts";
import type { BackupJob } from "./jobs.ts";
import type { DatabaseContainer } from "./places.ts";
import { runningOf } from "./running.ts";
import { RESTORE_SECONDS, snapshotRestoreScript, STOP_AND_START } from "./restore-script.ts";

/** Asks its own PostgreSQL, through the socket inside the container, where no password is needed. */
export const AS_OWNER = '--username "$POSTGRES_USER" --dbname "$POSTGRES_DB"';

/**
 * Writes what is read in. What the database has now goes first, also what the dump does not know
 * of: an app of a newer version would otherwise find its newer tables. The dump names everything
 * with its schema and empties the search path; an expression of an index may rely on it all the
 * same (Immich's does, and its guide puts it back). The last line makes it count, so a connection
 * that is cut changes nothing.
 */
export const WRITE_STATEMENTS = `statements() {
  printf '%s\\n' 'begin;' 'set local lock_timeout = 60000;' 'drop schema if exists public cascade;' \\
    'create schema public authorization pg_database_owner;' 'grant usage on schema public to public;' &&
    sed "0,/^SELECT pg_catalog.set_config('search_path', '', false);\\$/s//SELECT pg_catalog.set_config('search_path', 'public, pg_catalog', true);/" "$dump" &&
    echo 'commit;'
}
`;

/**
 * A script for the host: restores a dump into a scratch folder, stops who uses the database, dumps
 * what is in it now, and reads the restored dump in as one transaction: all of it or nothing.
 * @param snapshot id
 * @param end shell for when it is done, e.g. "start\n", which starts again what was stopped
 */
export function databaseScript(
  job: BackupJob,
  { name, users }: DatabaseContainer,
  snapshot: string,
  end: string,
): string {
  const inner = snapshotRestoreScript(
    job.program,
    [{ source: name, target: SIDECAR_PATHS.dumps }],
    snapshot,
  );
  return `set -u
umask 077
${besideSidecar(job.sidecar.name)}room=$(mktemp -d /var/tmp/homelab-restore.XXXXXX) || exit 1
finished=
aside=${ROOT}/replaced
scratch=
${STOP_AND_START}end() {
  trap '' HUP INT TERM PIPE
  [ -n "$finished" ] || start
  rm -rf "$room" \${scratch:+"$scratch"}
}
trap end EXIT
trap 'exit 1' HUP INT TERM PIPE
mkdir -p "$aside" && chmod 700 "$aside" && scratch=$(mktemp -d "$aside/unfinished.XXXXXX") ||
  fail "no folder can be made in $aside"
${writeScript('"$room/restore.sh"', inner)}beside ${RESTORE_SECONDS} --volume "$room:/room" --volume "$scratch:/scratch/0" "$image" \\
  /room/restore.sh >"$room/said" 2>"$room/errors" ||
  fail "$(grep . "$room/said" || tail -n 1 "$room/errors")"
dump=$(find "$scratch${SIDECAR_PATHS.dumps}" -type f -name '*.sql')
tail -n 9 "$dump" | grep -q 'database dump complete' || fail "the snapshot has no complete dump"

${WRITE_STATEMENTS}statements >"$scratch/statements.sql" 2>"$room/errors" || fail "$(tail -n 1 "$room/errors")"

# Restoring may take hours. Who asked for it may be gone by now, and then nothing is changed.
echo restored
${runningOf(users)} >"$room/writers"
stop
kept="$aside/${name}-$(date +%Y%m%d-%H%M%S).sql"
docker exec ${quote(name)} sh -c ${quote(`pg_dump --clean --if-exists ${AS_OWNER}`)} >"$kept" 2>"$room/errors" </dev/null || {
  rm -f "$kept"
  fail "what is in ${name} now could not be dumped: $(tail -n 1 "$room/errors")"
}
# Either all of it is read in or nothing.
trap '' HUP INT TERM PIPE
docker exec --interactive ${quote(name)} sh -c ${quote(`psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --output /dev/null ${AS_OWNER}`)} \\
  <"$scratch/statements.sql" >"$room/output" 2>"$room/errors" || {
  rm -f "$kept"
  fail "the dump could not be read in: $(grep -m 1 ERROR "$room/errors" || tail -n 1 "$room/errors")"
}
finished=yes
echo "kept 0 $kept"
${end}echo end
`;
}
