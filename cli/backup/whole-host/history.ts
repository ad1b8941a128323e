import { restoredRecord, STOPPED_FOR_RESTORE } from "../../../model/paths.ts";
import { quote } from "../../../model/shell-text.ts";
import { after } from "../../host-answer.ts";
import { PLACE_FUNCTIONS } from "../host-places.ts";
import { dumpedVolumes, type RestoreJob } from "../places.ts";

/** Longest time of the look; every file's time is read for it. */
export const HISTORY_SECONDS = 1800;

/** When what is in a place came there, in seconds since 1970; 0 where nobody knows. */
export interface PlaceHistory {
  /** The volume or folder itself. */
  readonly born: number;
  /** Of its content, the change that is longest ago, and the last one. */
  readonly oldest: number;
  readonly newest: number;
}

/** What was put back before, when the whole host was. */
export interface RestoredPlace {
  readonly source: string;
  readonly snapshot: string;
  readonly seconds: number;
}

/** What a host knows of its data. */
export interface HostHistory {
  /** By the place's source; a database's is that of its volume. */
  readonly places: ReadonlyMap<string, PlaceHistory>;
  /** The last one of each place comes last. */
  readonly restored: readonly RestoredPlace[];
  /** Containers that an earlier attempt stopped and did not start again. */
  readonly waiting: readonly string[];
}

/** A script for the host that changes nothing: prints since when its data is there. */
export function historyScript(jobs: readonly RestoreJob[]): string {
  const places = jobs.flatMap(({ job, places: own, database }) =>
    database
      ? dumpedVolumes(job).map((volume) => [database.name, volume] as const)
      : own.map(({ source }) => [source, source] as const),
  );
  const records = [...new Set(jobs.map(({ job }) => restoredRecord(job.sidecar.name)))];
  return `set -u
${PLACE_FUNCTIONS}dated() {
  path=$(folder "$2") || return 0
  seen=$(find "$path/" -mindepth 1 ! -path "$path/homelab-replaced*" -printf '%C@\\n' 2>/dev/null |
    awk 'NR == 1 { low = high = $1 } $1 < low { low = $1 } $1 > high { high = $1 } END { printf "%d %d", low, high }')
  echo "times $(stat -c %W "$path") $seen $1"
}
${places.map(([source, path]) => `dated ${quote(source)} ${quote(path)}\n`).join("")}for record in ${records.map(quote).join(" ")}; do
  [ ! -f "$record" ] || sed 's/^/restored /' "$record"
done
[ ! -f ${STOPPED_FOR_RESTORE} ] || sed 's/^/waiting /' ${STOPPED_FOR_RESTORE}
echo end
`;
}

/** Reads the lines of the script; undefined when it was cut short. */
export function parseHistory(output: string): HostHistory | undefined {
  const lines = output.split("\n");
  if (!lines.includes("end")) return undefined;
  const places = new Map<string, PlaceHistory>();
  const restored: RestoredPlace[] = [];
  for (const line of lines) {
    const times = /^times (\S+) (\d+) (\d+) (.+)$/.exec(line);
    if (times) {
      // Some file systems do not know when a folder was made.
      const born = Number(times[1]) || 0;
      places.set(times[4] ?? "", { born, oldest: Number(times[2]), newest: Number(times[3]) });
    }
    const back = /^restored ([0-9a-f]+) (\d+) (.+)$/.exec(line);
    if (back) {
      const [, snapshot = "", seconds, source = ""] = back;
      restored.push({ source, snapshot, seconds: Number(seconds) });
    }
  }
  return { places, restored, waiting: after(lines, "waiting") };
}

/** Shell that notes on the host that places are back, for when a restore is done. */
export function noteBack({ job, places }: RestoreJob, snapshot: string): string {
  const record = restoredRecord(job.sidecar.name);
  const lines = places.map(
    ({ source }) => `printf '%s %s %s\\n' ${snapshot} "$(date +%s)" ${quote(source)}\n`,
  );
  return `mkdir -p ${quote(record.replace(/\/[^/]*$/, ""))}
{
${lines.join("")}} >>${quote(record)}
`;
}
