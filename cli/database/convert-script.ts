import type { ServiceDeclaration } from "../../model/declaration.ts";
import { dataRecord, filePath } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { toMebibytes } from "../../model/units.ts";
import { writeScript } from "../backup/beside.ts";
import { PLACE_FUNCTIONS } from "../backup/host-places.ts";
import { AS_OWNER, WRITE_STATEMENTS } from "../backup/restore-database.ts";
import { STOP_AND_START } from "../backup/restore-script.ts";
import { runningOf } from "../backup/running.ts";
import { DATABASE_FACTS } from "./facts.ts";

/** A database and the image that its data is brought into the form of. */
export interface Conversion {
  readonly database: ServiceDeclaration;
  /** Volume of its data, and where it is mounted. */
  readonly volume: string;
  readonly target: string;
  /** Declared image with its digest. */
  readonly image: string;
  /** Services that need the database and must not write meanwhile. */
  readonly users: readonly string[];
}

/** Longest time of a conversion; a large database is dumped and read in at some 20 MB a second. */
export const CONVERT_SECONDS = 6 * 3600;
/** A new data folder has this long to be made. */
const START_SECONDS = 300;
/** The dump, the new folder, and as much again for the server's log of what is read in. */
const ROOM_FACTOR = 3;

/** A script that prints "image <image>", "users <names>" and "room <KiB needed> <KiB free>"; changes nothing. */
export function convertLook({ database, volume, users }: Conversion): string {
  return `set -u
${PLACE_FUNCTIONS}image=$(docker container inspect --format '{{if .State.Running}}{{.Config.Image}}{{end}}' ${quote(database.name)} 2>/dev/null)
[ -n "$image" ] || { echo "problem ${database.name} does not run, and only it can dump its data"; exit 0; }
path=$(folder ${quote(volume)}) || { echo "problem there is no volume ${volume} on this machine's disk"; exit 0; }
echo "image $image"
echo "users $(${runningOf(users)} | tr '\\n' ' ')"
echo "room $(($(du -sk "$path" | cut -f 1) * ${ROOM_FACTOR})) $(df -Pk "$path" | awk 'NR == 2 { print $4 }')"
`;
}

/**
 * The script that brings a PostgreSQL's data over: stops who uses it, dumps it by the version that
 * runs, has the declared version make a new data folder in a volume of its own, reads the dump in
 * there and compares both, table by table. Only then it puts the new folder in the old one's place,
 * which it keeps. Whatever fails before, database and users are as they were.
 */
export function convertScript(conversion: Conversion): string {
  const { database, volume, image, users } = conversion;
  const owner = (container: string, program: string): string =>
    `docker exec --interactive ${container} sh -c ${quote(`${program} ${AS_OWNER}`)}`;
  const name = quote(database.name);
  const record = dataRecord(database.name);
  return `set -u
umask 077
db=${name} image=${quote(image)} volume=${quote(volume)}
new="$db-converted"
room=$(mktemp -d /var/tmp/homelab-convert.XXXXXX) || exit 1
finished=
scratch=
moved=
${PLACE_FUNCTIONS}${STOP_AND_START}end() {
  trap '' HUP INT TERM PIPE
  docker rm --force "$new" >/dev/null 2>&1
  if [ -z "$finished" ]; then
    [ -z "$moved" ] || mv "$kept" "$path" || echo "problem what was in $path lies in $kept"
    start
  fi
  docker volume rm "$new" >/dev/null 2>&1
  rm -rf "$room" \${scratch:+"$scratch"}
}
trap end EXIT
trap 'exit 1' HUP INT TERM PIPE
path=$(folder "$volume") || fail "there is no volume $volume on this machine's disk"
aside=$(aside "$path")
mkdir -p "$aside" && chmod 700 "$aside" && scratch=$(mktemp -d "$aside/unfinished.XXXXXX") ||
  fail "no folder can be made in $aside"
docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null 2>"$room/errors" ||
  fail "$image cannot be pulled: $(tail -n 1 "$room/errors")"
! docker container inspect "$new" >/dev/null 2>&1 || docker rm --force "$new" >/dev/null
! docker volume inspect "$new" >/dev/null 2>&1 || docker volume rm "$new" >/dev/null 2>"$room/errors" ||
  fail "the volume $new of an earlier run is in use: $(tail -n 1 "$room/errors")"
${writeScript('"$room/facts.sql"', DATABASE_FACTS)}${runningOf(users)} >"$room/writers"
stop
dump="$scratch/dump.sql"
${owner('"$db"', "pg_dump")} >"$dump" 2>"$room/errors" </dev/null || fail "$db could not be dumped: $(tail -n 1 "$room/errors")"
tail -n 9 "$dump" | grep -q 'database dump complete' || fail "the dump of $db is not complete"
facts() { ${owner('"$1"', "psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1")} <"$room/facts.sql"; }
facts "$db" >"$room/before" 2>"$room/errors" || fail "$db could not be counted: $(tail -n 1 "$room/errors")"
# A setting in the dump's head that older versions do not know, and that says what holds anyway.
sed -i "1,/^SELECT pg_catalog.set_config('search_path', '', false);\\$/{/^SET transaction_timeout = 0;\\$/d}" "$dump"
${WRITE_STATEMENTS}statements >"$scratch/statements.sql" 2>"$room/errors" || fail "$(tail -n 1 "$room/errors")"

docker volume create "$new" >/dev/null 2>"$room/errors" &&
  docker run --detach --name "$new" ${runOptions(conversion)} "$image" >/dev/null 2>"$room/errors" ||
  fail "no container of $image can be started: $(tail -n 1 "$room/errors")"
waited=0
until docker exec "$new" ${checkWords(database)} >/dev/null 2>&1 </dev/null; do
  [ "$(docker container inspect --format '{{.State.Running}}' "$new" 2>/dev/null)" = true ] && [ "$waited" -lt ${START_SECONDS} ] ||
    fail "$image does not start on an empty folder: $(docker logs --tail 1 "$new" 2>&1)"
  sleep 1
  waited=$((waited + 1))
done
${owner('"$new"', "psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --output /dev/null")} <"$scratch/statements.sql" >"$room/output" 2>"$room/errors" ||
  fail "the dump could not be read in: $(grep -m 1 ERROR "$room/errors" || tail -n 1 "$room/errors")"
facts "$new" >"$room/after" 2>"$room/errors" || fail "what was read in could not be counted: $(tail -n 1 "$room/errors")"
cmp -s "$room/before" "$room/after" ||
  fail "what was read in is not what was dumped: $(diff "$room/before" "$room/after" | sed -n 2p)"
docker stop -t 120 "$new" >/dev/null 2>"$room/errors" || fail "$new could not be stopped: $(tail -n 1 "$room/errors")"
docker rm "$new" >/dev/null
made=$(folder "$new") || fail "the volume $new is gone"

# Reading in may take hours. Who asked for it may be gone by now, and then nothing is changed.
echo converted
echo "$db" >"$room/writers"
stop
# From here on it is short, and either done or undone.
trap '' HUP INT TERM PIPE
kept="$aside/$volume-$(date +%Y%m%d-%H%M%S)"
mv "$path" "$kept" || fail "$path cannot be moved"
moved=yes
mv "$made" "$path" || fail "$made cannot be moved"
finished=yes
# The volume has to have a folder to be removed.
mkdir -p "$made"
mkdir -p ${quote(record.replace(/\/[^/]*$/, ""))} && echo "restored $(date +%s) $image" >>${quote(record)}
sed 's/^/fact /' "$room/after"
echo "kept 0 $kept"
echo end
`;
}

/** The rights and settings of the declared container, on a network that leads nowhere. */
function runOptions({ database, target }: Conversion): string {
  const { env = {}, capabilities = [], files = [], limits, sharedMemory } = database;
  const mounted = files.filter(({ content }) => content.kind === "secret");
  return [
    "--network none --security-opt no-new-privileges --cap-drop ALL",
    ...capabilities.map((capability) => `--cap-add ${capability}`),
    `--memory ${toMebibytes(limits.memory)}m`,
    ...(sharedMemory ? [`--shm-size ${toMebibytes(sharedMemory)}m`] : []),
    ...Object.entries(env).map(([key, value]) => `--env ${quote(`${key}=${value}`)}`),
    `--volume "$new":${quote(target)}`,
    ...mounted.map((file) => {
      const path = filePath(database.name, file);
      return `--volume ${quote(`${path}:${file.target}:ro`)}`;
    }),
  ].join(" ");
}

/** The declared check, which asks over TCP: while the image sets itself up, nobody answers there. */
function checkWords({ health }: ServiceDeclaration): string {
  return health.test.slice(1).map(quote).join(" ");
}
