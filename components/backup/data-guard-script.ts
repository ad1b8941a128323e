import type { DataKeeper } from "../../model/kept-data.ts";
import { dataRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { SIDECAR_PATHS } from "./job-paths.ts";
import type { BackupProgram } from "./program.ts";

/** How many of a version's numbers have to be the same for an older one to open the data. */
const EQUAL_NUMBERS = { always: 0, "same-major": 1, "same-minor": 2, never: 4 } as const;

/** What the copies that stand before a change are marked with; the job keeps those apart. */
const KEPT_MARK = "before-change";

/** What the script has to know of a host. */
export interface GuardSettings {
  /** What made the copies. */
  readonly program: GuardedCopies;
  readonly host: string;
  readonly keepers: readonly DataKeeper[];
  /** Image by service for which a person has said that its data is left to chance. */
  readonly withoutCopy: Readonly<Record<string, string>>;
}

/** What a copy before a change needs to know of the program that makes it. */
export type GuardedCopies = Pick<BackupProgram, "environment" | "cacheVariable" | "job">;

/**
 * The script that stands before a host's containers. For each service whose image is another one
 * than the one that last wrote its data it refuses to go where the data cannot be opened, then has
 * copies made where the newest is too old, and at last notes who may write from now on. All of it
 * or nothing: on a refusal it changes nothing but the copies, and prints what a person does.
 */
export function guardScript(settings: GuardSettings): string {
  return `${judging(settings)}each judge
[ ! -s "$room/refused" ] || refused
${copying(settings.program)}while read -r service since jobs; do
  [ -n "$jobs" ] || echo "$service changes without a copy, as homelab:withoutCopy says"
  for job in $jobs; do copy "$service" "$since" "$job"; done
done <"$room/changes"
[ ! -s "$room/refused" ] || refused
${NOTING}mkdir -p ${quote(dataRecord("").replace(/\/$/, ""))}
each note
`;
}

/**
 * The part of the observation that says what the script would do now: "data <service> refused
 * <why>" and "data <service> copied <sidecars>", with no sidecar where a person said so. It changes
 * nothing.
 */
export function guardLook(settings: GuardSettings): string {
  if (settings.keepers.length === 0) return "";
  return `(
${judging(settings)}each judge
sed 's/^/data /' "$room/refused"
while read -r service since jobs; do
  echo "data $service copied $(for job in $jobs; do echo "\${job#*:}" | cut -d : -f 1; done | sort -u | tr '\\n' ' ')"
done <"$room/changes"
)
`;
}

/**
 * \`each <function>\` calls a function for every service. \`judge\` leaves in $room/refused what cannot
 * be ("<service> refused <why>") and in $room/changes what changes ("<service> <since> <jobs>").
 */
function judging({ host, keepers, withoutCopy }: GuardSettings): string {
  const calls = keepers.map(({ service, image, rule, copies }) =>
    [
      '"$1"',
      quote(service),
      quote(image),
      EQUAL_NUMBERS[rule.olderOpens],
      rule.newerOpens ? "yes" : "no",
      withoutCopy[service] === image.replace(/@.*/, "") ? "yes" : "no",
      ...copies.map((copy) =>
        quote(`${copy.restore}:${copy.sidecar}:${copy.state}:${copy.freshSeconds}`),
      ),
    ].join(" "),
  );
  return `set -u
host=${quote(host)}
records=${quote(dataRecord(""))}
docker container ls --quiet >/dev/null || exit 1
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
: >"$room/refused" && : >"$room/changes"
docker container inspect --format '{{slice .Name 1}} {{.Config.Image}} {{.Created}} {{.State.StartedAt}} {{index .Config.Labels "homelab.host"}}' \\
  ${keepers.map(({ service }) => quote(service)).join(" ")} >"$room/containers" 2>/dev/null </dev/null
each() {
${calls.map((call) => `  ${call}\n`).join("") || "  :\n"}}
seconds() { date --date "$1" +%s 2>/dev/null || echo 0; }
day() { date --utc --date "@$1" '+%Y-%m-%d %H:%M UTC'; }
# "docker.io/library/postgres:17-alpine@sha256:…": its name "postgres", tag "17-alpine", version "17".
name() { name=\${1%%@*} && name=\${name%:*} && echo "\${name##*/}"; }
tag() { tag=\${1%%@*} && echo "\${tag##*:}"; }
version() { tag "$1" | sed 's/^[^0-9]*//; s/[^0-9.].*//'; }
# order <version> <version> <numbers that count>: what the first is beside the second.
order() {
  awk -v one="$1" -v other="$2" -v count="$3" 'BEGIN {
    split(one, a, "."); split(other, b, "."); said = "same"
    for (i = count; i >= 1; i--) { if (a[i] + 0 < b[i] + 0) said = "older"; if (a[i] + 0 > b[i] + 0) said = "newer" }
    print said
  }'
}
# written <service>: sets image and since to what last wrote its data, empty when nobody did, and
# noted to what its record says. A container that was made from another is a better witness. Every
# preview asks this of every service, so it starts no program.
written() {
  record=$records$1 kind= since=0 image= noted=
  [ ! -f "$record" ] || while read -r word when what _; do
    # A line that a power cut left unfinished says nothing.
    [ "$word" = copy ] || [ -z "$what" ] || kind=$word since=$when image=$what
  done <"$record"
  [ "$kind" != image ] || noted=$image
  from= made= began=
  while read -r word what when start label; do
    [ "$word $label" != "$1 $host" ] || from=$what made=$when began=$start
  done <"$room/containers"
  [ -n "$from" ] && [ "$from" != "$image" ] || return 0
  # One that has not run since its data was put back has not written it.
  [ "$kind" != restored ] || [ "$(seconds "$began")" -gt "$since" ] || return 0
  image=$from since=$(seconds "$made")
}
# matching <sidecar>: the newest copy from before what the wanted version cannot open.
matching() {
  found= newer=
  [ ! -f "$record" ] || while read -r kind _ what snapshot; do
    if [ "$kind" != copy ]; then
      newer=
      [ "$(order "$to" "$(version "$what")" "$same")" != older ] || newer=yes
    elif [ -z "$newer" ] && [ "$what" = "$1" ]; then found=$snapshot
    fi
  done <"$record"
  echo "$found"
}
refuse() { echo "$service refused $1" >>"$room/refused"; }
judge() {
  service=$1 wanted=$2 same=$3 forward=$4 accepted=$5
  shift 5
  written "$service"
  [ -n "$image" ] && [ "$image" != "$wanted" ] || return 0
  if [ "$accepted" = yes ]; then
    echo "$service $since" >>"$room/changes"
    return 0
  fi
  echo "$service $since $*" >>"$room/changes"
  [ "$(name "$image")" = "$(name "$wanted")" ] || return 0
  to=$(version "$wanted")
  said=$(order "$to" "$(version "$image")" "$same")
  [ "$said" != same ] || return 0
  if [ "$forward" = no ]; then
    refuse "$service on $host cannot go from $(tag "$image") to $(tag "$wanted") in its place, where neither opens what the other has written. \\\`npx homelab database convert $service --host $host\\\` brings its data over, then \\\`pulumi up -s $host\\\`"
  elif [ "$said" = older ]; then
    commands=
    for job in "$@"; do
      what=\${job%%:*} && sidecar=\${job#*:} && sidecar=\${sidecar%%:*}
      snapshot=$(matching "$sidecar")
      commands="$commands\\\`npx homelab backup restore $what --host $host --snapshot \${snapshot:-<one from before $(day "$since")>} --leave-stopped\\\`, then "
    done
    refuse "$service on $host cannot go back from $(tag "$image") to $(tag "$wanted"), which does not open what the newer version has written. First put back the copy from before: $commands\\\`pulumi up -s $host\\\`"
  fi
}
refused() {
  cut -d ' ' -f 3- "$room/refused" >&2
  echo "No container of $host was touched. For an emergency: docs/guides/going-back.md" >&2
  exit 1
}
`;
}

/** \`copy <service> <since> <job>\` leaves the lines of the record in $room/copies.<service>. */
function copying(program: GuardedCopies): string {
  return `# receipt <key>: what the last run of the sidecar left behind.
receipt() { sed -n "s/^$1=//p" "$room/receipt"; }
# Whether the newest copy is of what is there now, and young enough.
fresh() {
  docker exec "$sidecar" cat ${SIDECAR_PATHS.lastRun} >"$room/receipt" 2>/dev/null </dev/null || : >"$room/receipt"
  [ "$(receipt result)" = ok ] || return 1
  started=$(receipt started)
  [ "$started" -ge "$since" ] && [ "$started" -ge "$(($(date +%s) - age))" ]
}
copy() {
  service=$1 since=$2
  sidecar=\${3#*:} && state=\${sidecar#*:} && age=\${state#*:} && state=\${state%%:*} && sidecar=\${sidecar%%:*}
  running=$(docker container inspect --format '{{.State.Running}}' "$sidecar" 2>/dev/null </dev/null)
  if [ -z "$running" ] && ! docker volume inspect "$state" >/dev/null 2>&1 </dev/null; then
    echo "no copy of $service before its change: $sidecar was never here"
    return
  fi
  no_copy="$service on $host stays what it is: there has to be a copy before its image changes, and"
  [ "$running" = true ] || {
    refuse "$no_copy $sidecar does not run: \\\`ssh $host docker start $sidecar\\\`, then \\\`pulumi up -s $host\\\`"
    return
  }
  tries=0
  until fresh; do
    tries=$((tries + 1))
    [ "$tries" -le 2 ] || {
      why=$(receipt message)
      [ "$(receipt result)" = failed ] || why=$(tail -n 1 "$room/said")
      refuse "$no_copy $sidecar made none ($why); look with \\\`ssh $host docker logs $sidecar\\\`, then \\\`pulumi up -s $host\\\`"
      return
    }
    echo "copying before $service changes: $sidecar"
    docker exec "$sidecar" ${SIDECAR_PATHS.job} >"$room/said" 2>&1 </dev/null
    case $? in
    0) ;;
    # Another run is under way; its copy may be too old for this.
    75) docker exec "$sidecar" flock ${SIDECAR_PATHS.lock} true </dev/null ;;
    *) tries=2 ;;
    esac
  done
  snapshot=$(docker exec "$sidecar" sh -c ${quote(keeping(program))} keep "$(receipt snapshot)" </dev/null)
  echo "copy $(receipt started) $sidecar \${snapshot:-$(receipt snapshot)}" >>"$room/copies.$service"
}
`;
}

/**
 * Run in the sidecar with the id of a copy: marks it, so that the job's next runs of the same day do
 * not take its place, and prints the id that it has with the mark.
 */
function keeping({ environment, cacheVariable, job }: GuardedCopies): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const cache = cacheVariable === undefined ? "" : ` ${cacheVariable}=${SIDECAR_PATHS.cache}`;
  return `${variables.length > 0 ? `export ${variables.join(" ")}\n` : ""}export HOME=/root${cache}
${job.keep(KEPT_MARK)}
[ -n "$id" ] || exit 0
sed -i "s/$1/$id/g" ${SIDECAR_PATHS.lastRun}
echo "$id"
`;
}

/** \`note <service> <wanted> …\`: who may write the data from now on, before they do. */
const NOTING = `note() {
  written "$1"
  {
    [ ! -f "$record" ] || cat "$record"
    [ -z "$image" ] || [ "$image" = "$noted" ] || echo "image $since $image"
    [ ! -f "$room/copies.$1" ] || cat "$room/copies.$1"
    [ "$image" = "$2" ] || echo "image $(date +%s) $2"
  } >"$room/record"
  cmp -s "$room/record" "$record" || { cp "$room/record" "$record.new" && mv "$record.new" "$record"; } || exit 1
}
`;
