// How the files of the log are named: events/<day of the receipt>/<first sequence>.jsonl. Their order
// is that of the sequences in their names, so a clock that jumps puts one into an odd folder, and no
// more.

/** What the names of a file of the log and of its folder say. */
export interface LogFile {
  /** Folder, e.g. "2026-11-26". */
  readonly day: string;
  /** Sequence of its first line. */
  readonly first: number;
  /** Counts the files that began at that sequence; all but the last hold nothing whole. */
  readonly attempt: number;
}

const DAY = /^\d{4,6}-\d{2}-\d{2}$/;
const FILE = /^(\d{12})(?:-(\d{1,4}))?\.jsonl$/;
const DIGITS = 12;

/** Whether a folder has files of the log. */
export function isLogDay(folder: string): boolean {
  return DAY.test(folder);
}

/** What a name in such a folder says; undefined for what is no file of the log. */
export function logFileIn(day: string, name: string): LogFile | undefined {
  const [, first, attempt = "0"] = FILE.exec(name) ?? [];
  return first === undefined ? undefined : { day, first: Number(first), attempt: Number(attempt) };
}

/** Name of a file of the log. */
export function logFileName({ first, attempt }: LogFile): string {
  const number = String(first).padStart(DIGITS, "0");
  return `${number}${attempt === 0 ? "" : `-${attempt}`}.jsonl`;
}

/** Which of two files of the log comes first, for sort(). */
export function inLogOrder(a: LogFile, b: LogFile): number {
  return a.first - b.first || a.attempt - b.attempt || (a.day < b.day ? -1 : 1);
}
