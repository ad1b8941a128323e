import { z } from "zod";
import { SIDECAR_PATHS } from "../../components/backup/restic-sidecar.plan.ts";
import { ROOT } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { after } from "../host-answer.ts";
import { besideSidecar, resticPrelude, writeScript } from "./beside.ts";
import { PLACE_FUNCTIONS } from "./host-places.ts";
import { runningOf } from "./running.ts";
import type { DatabaseContainer, Place, RestoreJob } from "./places.ts";

/** Longest time of the look; a big repository's index is read for it. */
export const LOOK_SECONDS = 900;

/** A copy in the repository. */
export interface Snapshot {
  readonly id: string;
  readonly time: Date;
}

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
  const inner = snapshotScript(job.sidecar.name, places, snapshot);
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

/** What runs beside the sidecar. Takes no lock: one that a dead machine left must not be in the way. */
export function snapshotScript(
  sidecar: string,
  places: readonly Place[],
  snapshot: string | undefined,
  scratch = "/scratch",
): string {
  const host = `--host ${quote(sidecar)}`;
  const wanted = snapshot === undefined ? `latest ${host}` : quote(snapshot);
  const sizes = places.map(
    ({ target }, index) => `measure ${index} ${quote(target)} ${quote(stagedCopies(target))}\n`,
  );
  return `${resticPrelude(scratch)}fail() { echo "problem $1: $(reason)"; exit 0; }
if ! timeout 120 restic --no-lock snapshots ${host} --json >${scratch}/all 2>${scratch}/errors; then
  if grep -q "does not exist" ${scratch}/errors; then echo none; exit 0; fi
  fail "the repository cannot be opened"
fi
echo "all $(cat ${scratch}/all)"
timeout 120 restic --no-lock snapshots ${wanted} --json >${scratch}/found 2>${scratch}/errors
id=$(sed -n 's/.*"short_id":"\\([0-9a-f]*\\)".*/\\1/p' ${scratch}/found)
[ -n "$id" ] || { echo none; exit 0; }
echo "snapshot $(cat ${scratch}/found)"
measure() {
  restic --no-lock ls "$id" "$2" "$3" --recursive --json >${scratch}/list 2>${scratch}/errors ||
    fail "snapshot $id cannot be listed"
  grep -qF "\\"path\\":\\"$2\\"" ${scratch}/list || { echo "absent $1"; return; }
  # One file a line; a quote in a name is escaped, so it cannot look like a field.
  grep '"type":"file"' ${scratch}/list >${scratch}/files
  # A SQLite file is there twice, and one to the person.
  files=$(grep -vcF "\\"path\\":\\"$3/" ${scratch}/files)
  bytes=$(sed -n 's/.*"size":\\([0-9]*\\).*/\\1/p' ${scratch}/files | awk '{ all += $1 } END { printf "%.0f", all }')
  echo "copy $1 $files $bytes"
}
${sizes.join("")}echo end
`;
}

/** Where a snapshot has the consistent copies of a place's SQLite files. */
export function stagedCopies(target: string): string {
  return `${SIDECAR_PATHS.sqliteCopies}${target}`;
}

/** What restic lists, newest first. */
export const snapshotsSchema = z
  .array(z.looseObject({ time: z.string(), short_id: z.string() }))
  .transform((list) =>
    list
      .map(({ time, short_id: id }): Snapshot => ({ id, time: new Date(time) }))
      .toSorted((one, other) => other.time.getTime() - one.time.getTime()),
  );

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
  const [snapshot] = snapshotsSchema.parse(JSON.parse(after(lines, "snapshot")[0] ?? "[]"));
  if (!snapshot || !lines.includes("end")) {
    return { kind: "problem", message: "the look was cut short" };
  }
  const all = snapshotsSchema.parse(JSON.parse(after(lines, "all")[0] ?? "[]"));
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
