import { SIDECAR_PATHS } from "../../components/backup/job-paths.ts";
import { NEVER_COPIED } from "../../components/backup/program.ts";
import { ROOT } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { after } from "../host-answer.ts";
import { besideSidecar, copiesPrelude, writeScript } from "./beside.ts";
import { snapshotsIn, type Snapshot } from "./copies.ts";
import type { BackupJob } from "./jobs.ts";
import { PLACE_FUNCTIONS } from "./host-places.ts";
import { runningOf } from "./running.ts";
import type { DatabaseContainer, Place, RestoreJob } from "./places.ts";

/** Longest time of the look; a big repository's index is read for it. */
export const LOOK_SECONDS = 900;

/** A volume or folder as it is now, and what the snapshot has of it. */
export interface SeenPlace extends Place {
  /** Folder on the host in which its present content is kept. */
  readonly aside: string;
  /** Number of the file system. */
  readonly device: string;
  readonly freeBytes: number;
  /** Something is in it that has to be kept. */
  readonly full: boolean;
  /** Running containers that may write to it. */
  readonly writers: readonly string[];
  /** In the snapshot; undefined: the snapshot does not have it. */
  readonly copy: { readonly files: number; readonly bytes: number } | undefined;
}

/** What a look found. */
export type Look =
  | { readonly kind: "stopped" | "none" }
  | { readonly kind: "missing"; readonly sources: readonly string[] }
  | { readonly kind: "problem"; readonly message: string }
  | {
      readonly kind: "found";
      readonly snapshot: Snapshot;
      /** All others of this job, newest first. */
      readonly others: readonly Snapshot[];
      readonly places: readonly SeenPlace[];
    };

/**
 * A script for the host that changes nothing: prints what is there and what the snapshot has.
 * @param snapshot id or its beginning. @default the newest of this job
 */
export function lookScript(
  { job, places, database }: RestoreJob,
  snapshot: string | undefined,
): string {
  const inner = snapshotScript(job, places, snapshot);
  const calls = database
    ? lookAtDatabase(database)
    : places.map(({ source }, index) => `look ${index} ${quote(source)}\n`).join("");
  return `set -u
${besideSidecar(job.sidecar.name)}${PLACE_FUNCTIONS}look() {
  path=$(folder "$2") || { echo "missing $1"; return; }
  free=$(df -Pk "$path" | awk 'NR == 2 { print $4 }')
  echo "place $1 $(device "$path") $free $(content "$path") $(aside "$path")"
  writers "$path" | sed "s/^/writer $1 /"
}
${calls}scratch=$(mktemp -d /var/tmp/homelab-look.XXXXXX) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
${writeScript('"$scratch/look.sh"', inner)}beside ${LOOK_SECONDS} --volume "$scratch:/scratch" "$image" /scratch/look.sh
`;
}

/** What is in a database is dumped to the host before; a database is never taken for empty. */
function lookAtDatabase({ name, users }: DatabaseContainer): string {
  return `[ "$(docker container inspect --format '{{.State.Running}}' ${quote(name)} 2>/dev/null)" = true ] ||
  echo "missing 0"
echo "place 0 $(device ${ROOT}) $(df -Pk ${ROOT} | awk 'NR == 2 { print $4 }') full ${ROOT}/replaced"
${runningOf(users)} | sed "s/^/writer 0 /"
`;
}

/** What runs beside the sidecar. */
export function snapshotScript(
  { sidecar, program }: Pick<BackupJob, "sidecar" | "program">,
  places: readonly Place[],
  snapshot: string | undefined,
  scratch = "/scratch",
): string {
  const host = quote(sidecar.name);
  const wanted = snapshot === undefined ? host : `${host} ${quote(snapshot)}`;
  const sizes = places.map(
    ({ target }, index) => `measure ${index} ${quote(target)} ${quote(stagedCopies(target))}\n`,
  );
  return `${copiesPrelude(program, scratch)}fail() { echo "problem $1: $(reason)"; exit 0; }
copies ${host} 120 >${scratch}/all 2>${scratch}/errors
case $? in
0) ;;
${NEVER_COPIED}) echo none; exit 0 ;;
*) fail "the repository cannot be opened" ;;
esac
sed 's/^/all /' ${scratch}/all
copy_named ${wanted} >${scratch}/found 2>${scratch}/errors
id=$(tail -n 1 ${scratch}/found | cut -d ' ' -f 1)
[ -n "$id" ] || { echo none; exit 0; }
echo "snapshot $(tail -n 1 ${scratch}/found)"
measure() {
  content "$id" "$2" "$3" >${scratch}/list 2>${scratch}/errors || fail "snapshot $id cannot be listed"
  awk -v place="$2" -v staged="$3/" -v index_of="$1" '
    {
      kind = $1; bytes = $2
      path = substr($0, length(kind) + length(bytes) + 3)
      if (path == place) there = 1
      if (kind != "file") next
      all += bytes
      # A SQLite file is there twice, and one to the person.
      if (substr(path, 1, length(staged)) != staged) files++
    }
    END {
      if (there) printf "copy %s %d %.0f\\n", index_of, files, all
      else printf "absent %s\\n", index_of
    }' ${scratch}/list
}
${sizes.join("")}echo end
`;
}

/** Where a snapshot has the consistent copies of a place's SQLite files. */
export function stagedCopies(target: string): string {
  return `${SIDECAR_PATHS.sqliteCopies}${target}`;
}

/** Reads the lines of the script. */
export function parseLook(output: string, places: readonly Place[]): Look {
  const lines = output.split("\n");
  if (lines.includes("stopped")) return { kind: "stopped" };
  const words = (kind: string, index?: number): string[][] =>
    lines.flatMap((line) => {
      const found = line.split(" ");
      return found[0] === kind && (index === undefined || found[1] === String(index))
        ? [found]
        : [];
    });
  const missing = places.filter((_, index) => words("missing", index).length > 0);
  if (missing.length > 0) {
    return { kind: "missing", sources: missing.map(({ source }) => source) };
  }
  if (lines.includes("none")) return { kind: "none" };
  const [problem] = after(lines, "problem");
  if (problem !== undefined) return { kind: "problem", message: problem };
  const [snapshot] = snapshotsIn(after(lines, "snapshot"));
  if (!snapshot || !lines.includes("end")) {
    return { kind: "problem", message: "the look was cut short" };
  }
  const all = snapshotsIn(after(lines, "all"));
  return {
    kind: "found",
    snapshot,
    others: all.filter(({ id }) => id !== snapshot.id),
    places: places.map((place, index) => {
      const [, , device = "", free, full, ...aside] = words("place", index)[0] ?? [];
      const copy = words("copy", index)[0];
      return {
        ...place,
        aside: aside.join(" "),
        device,
        freeBytes: Number(free) * 1024,
        full: full === "full",
        writers: words("writer", index).map(([, , name = ""]) => name),
        copy: copy ? { files: Number(copy[2]), bytes: Number(copy[3]) } : undefined,
      };
    }),
  };
}
