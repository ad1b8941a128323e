/** How one point of the checklist is. */
export type CheckState = "ok" | "warning" | "failure";

/** One point of the checklist on one host. */
export interface CheckRow {
  readonly host: string;
  /** What was looked at, e.g. "gate nas-media", "container frigate". */
  readonly check: string;
  readonly state: CheckState;
  /** What was seen. */
  readonly seen: string;
  /** What to do about it; empty when it is ok. */
  readonly remedy: string;
}

/** A point without the host it is about, which the caller knows. */
export type Verdict = Omit<CheckRow, "host">;

/** Exit code of `check`: the worst of all states. */
export function exitCodeOf(rows: readonly CheckRow[]): 0 | 1 | 2 {
  if (rows.some(({ state }) => state === "failure")) return 2;
  return rows.some(({ state }) => state === "warning") ? 1 : 0;
}
