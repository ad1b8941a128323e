/**
 * What a backup job leaves in the volume of its own that it keeps beside what it copies. The records
 * have one "key=value" a line; times are in seconds since 1970.
 */
export const COPY_RECORDS = {
  /** When the volume was new, and nothing else. */
  since: "since",
  /** Result of the last run, good or not. */
  lastRun: "last-run",
  /**
   * Result of the last good run; empty where there has been none. A job whose last run had failed
   * when it began to keep this has no such file until its next good run.
   */
  lastGood: "last-good",
} as const;

const VOLUME_SUFFIX = "-state";

/** Name of a job's volume. @param job its container, e.g. "pihole-backup" */
export function copyVolume(job: string): string {
  return `${job}${VOLUME_SUFFIX}`;
}

/** The job whose volume has this name, if it is one's. */
export function jobOfVolume(volume: string): string | undefined {
  return volume.endsWith(VOLUME_SUFFIX) ? volume.slice(0, -VOLUME_SUFFIX.length) : undefined;
}
