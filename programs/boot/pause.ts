// Whether somebody works on the host, so that the orchestrator keeps its hands off.
import { statSync } from "node:fs";
import { maintenanceIn, type Maintenance } from "../../model/maintenance.ts";
import {
  DEPLOYING,
  DEPLOYING_LIMIT_SECONDS,
  MAINTENANCE,
  NAMELESS_DEPLOYING_LIMIT_SECONDS,
} from "../../model/paths.ts";
import { textOf } from "./text-of.ts";

/** Where the two marks lie. */
export interface PauseMarks {
  readonly maintenance: string;
  readonly deploying: string;
}

const MARKS: PauseMarks = { maintenance: MAINTENANCE, deploying: DEPLOYING };

/**
 * Whether a person announced maintenance, or a deployment is under way. Both files are small,
 * so they are read there and then.
 * @param now milliseconds since 1970
 */
export function isPaused(now: number = Date.now(), marks: PauseMarks = MARKS): boolean {
  return maintenanceAt(now, marks.maintenance) !== undefined || isDeploying(now, marks.deploying);
}

/** The maintenance that a person announced; undefined when nobody did, or it is over. */
export function maintenanceAt(now: number, mark: string): Maintenance | undefined {
  const text = textOf(mark);
  return text === undefined ? undefined : maintenanceIn(text, now);
}

/**
 * Whether a deployment is under way: its mark is there, and not older than one can be. One that
 * names nobody is of a version that did not renew it.
 */
export function isDeploying(now: number, mark: string): boolean {
  const deploying = statSync(mark, { throwIfNoEntry: false });
  if (!deploying) return false;
  const { size, mtimeMs } = deploying;
  const limit = size === 0 ? NAMELESS_DEPLOYING_LIMIT_SECONDS : DEPLOYING_LIMIT_SECONDS;
  return now - mtimeMs < limit * 1000;
}
