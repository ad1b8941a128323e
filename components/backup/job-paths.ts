import { COPY_RECORDS } from "../../model/copy-record.ts";

/** Volume of a job for what it keeps, as its container sees it. */
export const STATE = "/state";
/** Volume that a database's dump goes through. */
export const DUMPS = "/dumps";

/** Where a sidecar keeps what a restore needs and what a job leaves, as seen in its container. */
export const SIDECAR_PATHS = {
  /** Copies of SQLite files, by their own path below it. */
  sqliteCopies: `${STATE}/stage`,
  dumps: `${DUMPS}/dump`,
  job: "/backup.sh",
  /** Result of the job's last run, one "key=value" a line. */
  lastRun: `${STATE}/${COPY_RECORDS.lastRun}`,
  /** When the state volume was new, in seconds since 1970. */
  since: `${STATE}/${COPY_RECORDS.since}`,
  /** Held while the job runs. */
  lock: `${STATE}/lock`,
  cache: `${STATE}/cache`,
} as const;
