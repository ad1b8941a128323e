import type { HostName } from "../../model/host-names.ts";
import type { BackupJob } from "./jobs.ts";
import type { CopySize, LastRun, ListAnswer } from "./list-answer.ts";
import type { Place } from "./places.ts";
import type { Snapshot } from "./copies.ts";
import type { VerifiedRecord } from "./verified.ts";

/** How the copies of one place are. */
export type CopyState =
  | "well"
  /** The job is new; its first copy comes within a day. */
  | "new"
  | "overdue"
  /** Less than half of what it was a week ago. */
  | "small"
  /** There is no copy, or the newest has nothing of it. */
  | "missing"
  /** The newest run failed; an older copy may be there. */
  | "failed"
  /** The host, the job's container or the store could not be asked. */
  | "unknown";

/** One volume, folder or database, and its copies. */
export interface CopyRow {
  readonly host: HostName;
  readonly job: string;
  readonly repository: string;
  /** Volume name, absolute path, or the database's container. */
  readonly source: string;
  readonly state: CopyState;
  /** Why it is not well, in one sentence; empty when it is. */
  readonly detail: string;
  readonly newest: Snapshot | null;
  /** Seconds. */
  readonly age: number | null;
  readonly maxAgeHours: number;
  /** In the newest copy. */
  readonly size: CopySize | null;
  /** Copies that are kept. */
  readonly kept: number | null;
  readonly verified: VerifiedRecord | null;
  readonly lastRun: LastRun | null;
}

const DAY = 24 * 3600;
/** What is small anyway halves easily. */
const WORTH_A_WORD_BYTES = 1024 ** 2;

/** What is known of one job. */
export interface ListedJob {
  readonly job: BackupJob;
  readonly places: readonly Place[];
  readonly answer: ListAnswer;
}

/** A row for each place of a job. */
export function copyRows({ job, places, answer }: ListedJob, now: Date): CopyRow[] {
  const [newest] = answer.snapshots;
  const maxAgeHours = job.sidecar.backup?.maxAgeHours ?? 0;
  const age = newest ? Math.max(0, (now.getTime() - newest.time.getTime()) / 1000) : null;
  return places.map(({ source }, index) => ({
    host: job.host,
    job: job.sidecar.name,
    repository: job.sidecar.backup?.repository ?? "",
    source,
    ...verdict(answer, index, { now, age, maxAgeHours }),
    newest: newest ?? null,
    age,
    maxAgeHours,
    size: answer.has.get(index) ?? null,
    kept: answer.kind === "found" || answer.kind === "none" ? answer.snapshots.length : null,
    verified: answer.verified ?? null,
    lastRun: answer.lastRun ?? null,
  }));
}

interface Ages {
  readonly now: Date;
  readonly age: number | null;
  readonly maxAgeHours: number;
}

/** The worst that is known of a place. */
function verdict(
  answer: ListAnswer,
  index: number,
  { now, age, maxAgeHours }: Ages,
): Pick<CopyRow, "state" | "detail"> {
  const { kind, lastRun, since } = answer;
  if (kind === "stopped") {
    return { state: "unknown", detail: "its backup container does not run" };
  }
  if (kind === "away") return { state: "unknown", detail: answer.reason ?? "" };
  if (age === null) {
    const isNew = since !== undefined && now.getTime() - since.getTime() < DAY * 1000;
    if (lastRun?.result === "failed") return failed(lastRun);
    return isNew
      ? { state: "new", detail: "the first copy is due within a day" }
      : { state: "missing", detail: "no copy was ever made" };
  }
  const has = answer.has.get(index);
  if (!has) return { state: "missing", detail: "the newest copy has nothing of it" };
  if (age > maxAgeHours * 3600) {
    const why = lastRun?.result === "failed" ? `; the last run failed: ${lastRun.message}` : "";
    return { state: "overdue", detail: `older than ${maxAgeHours} h${why}` };
  }
  if (lastRun?.result === "failed") return failed(lastRun);
  const had = answer.had.get(index);
  if (had && isSmall(has, had)) {
    return {
      state: "small",
      detail: `${has.files} files and ${has.bytes} bytes, a week ago ${had.files} and ${had.bytes}`,
    };
  }
  return { state: "well", detail: "" };
}

function failed({ message }: LastRun): Pick<CopyRow, "state" | "detail"> {
  return { state: "failed", detail: `the last run failed: ${message}` };
}

/** Emptied, or less than half of what it was. */
export function isSmall(has: CopySize, had: CopySize): boolean {
  if (has.files === 0) return had.files > 0;
  return has.bytes * 2 < had.bytes && had.bytes - has.bytes > WORTH_A_WORD_BYTES;
}

/** 0 all well, 1 something could not be asked, 2 something is not well. */
export function listExitCode(rows: readonly Pick<CopyRow, "state">[]): 0 | 1 | 2 {
  if (rows.some(({ state }) => state === "unknown")) return 1;
  return rows.every(({ state }) => state === "well" || state === "new") ? 0 : 2;
}
