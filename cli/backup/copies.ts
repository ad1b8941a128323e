/** A copy that is there. */
export interface Snapshot {
  /** 8 to 64 hexadecimal digits. */
  readonly id: string;
  readonly time: Date;
}

/** Reads the lines in which a program names copies ("<id> <time>"); newest first. */
export function snapshotsIn(lines: readonly string[]): Snapshot[] {
  return lines
    .map((line): Snapshot => {
      const [id = "", time = ""] = line.split(" ");
      return { id, time: new Date(time) };
    })
    .toSorted((one, other) => other.time.getTime() - one.time.getTime());
}
