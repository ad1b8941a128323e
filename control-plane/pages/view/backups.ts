// How old the newest copy of each job is.
import { isKnown } from "../../contract/fitness.ts";
import type { State } from "../../contract/page-api.ts";
import { ageOf } from "./ages.ts";
import type { Condition, Knowledge } from "./tone.ts";
import { WORDS } from "../words.ts";

/** The newest copy of a job. */
export interface BackupRow extends Condition {
  readonly id: string;
  readonly host: string;
  readonly job: string;
  /** When the copy was made, in ISO 8601; null when there is none. */
  readonly copied: string | null;
  /** The last restore that was compared; null where none was, undefined where that was not told. */
  readonly verified: { readonly at: string; readonly good: boolean } | null | undefined;
  /** When the host said so. */
  readonly at: string;
}

/** A copy that is older than this is marked. What is overdue is an incident; its plan says when. */
const OLD_SECONDS = 2 * 86_400;

/** Jobs of all hosts: those without a copy first, then the oldest. */
export function backupsOf({ hosts }: State, { old }: Knowledge, now: number): BackupRow[] {
  const rows = hosts.flatMap((world) =>
    Object.entries(world.backups).map(([job, { ageSeconds, at, verified }]): BackupRow => {
      const copied =
        ageSeconds === null ? null : new Date(Date.parse(at) - ageSeconds * 1000).toISOString();
      const isSure = old === null && isKnown(world);
      const { host } = world;
      const condition = copyCondition(copied, isSure, now);
      return { id: `${host}/${job}`, host, job, copied, verified, at, ...condition };
    }),
  );
  return rows.sort(
    (a, b) => (a.copied ?? "").localeCompare(b.copied ?? "") || a.id.localeCompare(b.id),
  );
}

/** How a compared restore went; it was so when it was compared, whatever is known of now. */
export function restoreCondition(verified: BackupRow["verified"]): Condition {
  if (verified === undefined) return { tone: "unknown", word: WORDS.restoredUntold };
  if (verified === null) return { tone: "idle", word: WORDS.restoredNever };
  return verified.good
    ? { tone: "idle", word: WORDS.restored }
    : { tone: "busy", word: WORDS.restoredOther };
}

function copyCondition(copied: string | null, isSure: boolean, now: number): Condition {
  if (!isSure) return { tone: "unknown", word: WORDS.copyUnsure };
  if (copied === null) return { tone: "bad", word: WORDS.noCopy };
  return ageOf(copied, now) > OLD_SECONDS
    ? { tone: "busy", word: WORDS.copyOld }
    : { tone: "good", word: WORDS.copyThere };
}
