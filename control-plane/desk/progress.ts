// How far an action is that somebody decided about, as the files say it.
import { join } from "node:path";
import { isOver, parseAction, type ActionState } from "../contract/actions.ts";
import { auditLines } from "../disk/audit-trail.ts";
import type { Disk } from "../disk/disk.ts";
import { actionPath, decisionPath } from "../disk/places.ts";

/** Where a decision and its action stand. */
export interface Progress {
  /**
   * "sent": the Executor has not taken the decision over. "refused": it does not want it. "ended":
   * the host says that it is done, and no observation has shown it yet.
   */
  readonly state: ActionState | "sent" | "refused" | "ended";
  /** How it went, in one sentence; null while nobody has said. */
  readonly said: string | null;
  /** Nothing follows. */
  readonly isOver: boolean;
}

/**
 * How far an action is.
 * @param since when the decision was made, in milliseconds since 1970: what was refused before that
 *   was another one
 */
export function progressOf(disk: Disk, root: string, id: string, since: number): Progress {
  const action = parseAction(disk.read(actionPath(root, id)) ?? "");
  if (!action) return { state: "refused", said: "its file cannot be read any more", isOver: true };
  const { state, outcome, endedAt } = action;
  if (state === "running" && endedAt !== undefined) {
    return { state: "ended", said: outcome, isOver: false };
  }
  if (state !== "pending") return { state, said: outcome, isOver: isOver(state) };
  const isThere = disk.read(decisionPath(root, id)) !== undefined;
  if (isThere || !wasRefused(disk, root, id, since)) {
    return { state: "sent", said: null, isOver: false };
  }
  const { lines } = auditLines(disk, root, "executor");
  const last = lines.findLast(({ action: of, what }) => of === id && what === "refused");
  return { state: "refused", said: last?.reason ?? "the Executor did not say why", isOver: true };
}

/** The Executor moves what it refuses to a name that says when. */
function wasRefused(disk: Disk, root: string, id: string, since: number): boolean {
  return disk.list(join(root, "decisions/refused")).some((name) => {
    const [, of, at] = /^([0-9a-f]{32})-(\d+)\.json$/.exec(name) ?? [];
    return of === id && Number(at) >= since;
  });
}
