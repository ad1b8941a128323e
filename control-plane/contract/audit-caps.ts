// How long an audit is kept: so many days and so many bytes for each part. Pure.

/** What is kept of a part's audit. */
export interface AuditCaps {
  /**
   * Newest days with lines. They are counted and not compared with a clock, which may be wrong for a
   * moment.
   */
  readonly days: number;
  readonly bytes: number;
}

/**
 * More than a year. A part that writes much writes 1 MB a month; whoever is turned away again and
 * again fills 29 MB a day at most (`observer/denials.ts`), and so pushes out nothing but the same.
 */
export const AUDIT_CAPS: AuditCaps = { days: 400, bytes: 64 * 1024 * 1024 };

/** A file in a part's folder. */
export interface AuditFile {
  readonly name: string;
  readonly bytes: number;
}

/** What is no day is no audit, and is left alone. */
const DAY = /^\d{4}-\d{2}-\d{2}\.jsonl$/;

/** Names of the files that go, oldest first; never the newest. */
export function beyondAuditCaps(
  files: readonly AuditFile[],
  { days, bytes }: AuditCaps = AUDIT_CAPS,
): string[] {
  const newestFirst = files
    .filter(({ name }) => DAY.test(name))
    .sort((one, other) => (one.name < other.name ? 1 : -1));
  let sum = 0;
  const going = newestFirst.filter((file, index) => {
    sum += file.bytes;
    return index > 0 && (index >= days || sum > bytes);
  });
  return going.map(({ name }) => name).reverse();
}
