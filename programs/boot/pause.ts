// Whether somebody works on the host, so that the orchestrator keeps its hands off.
import { readFileSync, statSync } from "node:fs";
import { maintenanceIn } from "../../model/maintenance.ts";
import {
  DEPLOYING,
  DEPLOYING_LIMIT_SECONDS,
  MAINTENANCE,
  NAMELESS_DEPLOYING_LIMIT_SECONDS,
} from "../../model/paths.ts";

/** Where the two marks lie. */
export interface PauseMarks {
  readonly maintenance: string;
  readonly deploying: string;
}

const MARKS: PauseMarks = { maintenance: MAINTENANCE, deploying: DEPLOYING };

/**
 * Whether a person announced maintenance, or a deployment is under way. Both files are small and
 * looked at only when something happened, so they are read there and then.
 * @param now milliseconds since 1970
 */
export function isPaused(now: number = Date.now(), marks: PauseMarks = MARKS): boolean {
  const maintenance = textOf(marks.maintenance);
  if (maintenance !== undefined && maintenanceIn(maintenance, now)) return true;
  return isDeploying(now, marks.deploying);
}

/**
 * Whether a deployment is under way: its mark is there, and not older than one can be. One that
 * names nobody is of a version that did not renew it.
 */
export function isDeploying(now: number, mark: string = DEPLOYING): boolean {
  const deploying = statSync(mark, { throwIfNoEntry: false });
  if (!deploying) return false;
  const { size, mtimeMs } = deploying;
  const limit = size === 0 ? NAMELESS_DEPLOYING_LIMIT_SECONDS : DEPLOYING_LIMIT_SECONDS;
  return now - mtimeMs < limit * 1000;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
