import { counted } from "../../model/counted.ts";
import { HostError } from "../../model/errors.ts";
import { size, table } from "../table.ts";
import type { RestoreJob } from "./places.ts";
import type { Snapshot } from "./copies.ts";
import type { Look, SeenPlace } from "./restore-look.ts";

/** A restore that can be done, as it is shown to a person before. */
export interface PlannedRestore {
  readonly job: RestoreJob;
  readonly snapshot: Snapshot;
  readonly others: readonly Snapshot[];
  readonly places: readonly SeenPlace[];
}

/** Room that must be left on a disk beside the restored files: 1 GiB. */
const SPARE_BYTES = 1024 ** 3;
const MOST_NAMED = 5;
const HOUR = 3_600_000;

/** A reason for which nothing is put back. */
export function refused({ job, places }: RestoreJob, reason: string): HostError {
  const what = places.map(({ source }) => source).join(", ");
  return new HostError("HL-RESTORE", job.host, `${what} is as it was: ${reason}`);
}

/**
 * What a look found, if it can be done.
 * @throws HostError HL-RESTORE when the snapshot lacks something, or a disk has no room
 */
export function plannedRestore(
  job: RestoreJob,
  { snapshot, others, places }: Extract<Look, { kind: "found" }>,
): PlannedRestore {
  const absent = places.filter(({ copy }) => copy === undefined);
  if (absent.length > 0) {
    const known = others.slice(0, MOST_NAMED).map(snapshotText).join("; ") || "none";
    throw refused(
      job,
      `snapshot ${snapshot.id} has nothing of ${absent.map(({ source }) => source).join(", ")}; others (--snapshot): ${known}`,
    );
  }
  const problem = roomProblem(places);
  if (problem !== undefined) throw refused(job, problem);
  return { job, snapshot, others, places };
}

/** Why what is copied of some places does not fit on their disks; undefined when it does. */
export function roomProblem(places: readonly SeenPlace[]): string | undefined {
  for (const device of new Set(places.map((place) => place.device))) {
    const here = places.filter((place) => place.device === device);
    const needed = here.reduce((sum, { copy }) => sum + (copy?.bytes ?? 0), 0);
    const [first] = here;
    if (first && needed + SPARE_BYTES > first.freeBytes) {
      return `the copy needs ${size(needed)} and 1 GiB to spare, and the disk of ${first.source} has ${size(first.freeBytes)} free`;
    }
  }
  return undefined;
}

/** What will be done, for a person to agree to. */
export function planText({ job, snapshot, others, places }: PlannedRestore): string {
  const { sidecar, excludes, host } = job.job;
  const writers = [...new Set(places.flatMap((place) => place.writers))].toSorted();
  const rows = [
    ["from", `${host}/${sidecar.name}, snapshot ${snapshotText(snapshot)}`],
    ...places.map(({ source, copy, full, aside }) => [
      "restores",
      `${source}: ${counted(copy?.files ?? 0, "file")}, ${size(copy?.bytes ?? 0)}; ${full ? `what is in it now is kept in ${aside}` : "it is empty now"}`,
    ]),
    ["stops", writers.join(", ") || "nothing, no running container writes there"],
    ...(excludes.length > 0 ? [["lacks", `${excludes.join(", ")}: left out of every copy`]] : []),
    ...(job.apart === undefined
      ? []
      : [["not", `its database; afterwards: ${apartCommand(job.apart, host, snapshot)}`]]),
    ["others", others.slice(0, MOST_NAMED).map(snapshotText).join("\n") || "none"],
  ];
  return table(["what", "seen"], rows);
}

/** "1234abcd of 2026-01-02 02:00 UTC, 5 h old". */
export function snapshotText({ id, time }: Snapshot): string {
  return `${id} of ${moment(time)}, ${Math.floor((Date.now() - time.getTime()) / HOUR)} h old`;
}

/** "2026-01-02 02:00 UTC". */
export function moment(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The command that restores the database to the same moment. */
function apartCommand(database: string, host: string, { id }: Snapshot): string {
  return `npx homelab backup restore ${database} --host ${host} --snapshot ${id}`;
}
