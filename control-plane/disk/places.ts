// Where the parts keep what they say to each other. Who writes where: control-plane/README.md.
import { join } from "node:path";
import { isOver, parseAction, type Action } from "../contract/actions.ts";
import { readAs } from "../contract/read-as.ts";
import { signedPoliciesSchema, type SignedPolicies } from "../contract/signed-policies.ts";
import { parseObserverHealth } from "../contract/observer-health.ts";
import type { Worlds } from "../contract/observed.ts";
import { parseSupervisorState, type SupervisorState } from "../contract/supervisor-state.ts";
import { randomId } from "../contract/words.ts";
import { parseHostWorld } from "../contract/world.ts";
import type { Disk } from "./disk.ts";

/** Path of an action. */
export function actionPath(root: string, id: string): string {
  return join(root, "queue", `${id}.json`);
}

/** Path of what was decided about an action. */
export function decisionPath(root: string, id: string): string {
  return join(root, "decisions", `${id}.json`);
}

/** Path of the policies that somebody signed, which decide beforehand; absent where nobody did. */
export function policiesPath(root: string): string {
  return join(root, "decisions", "policies.json");
}

/** The policies that somebody signed; undefined where nobody did, or nothing can be read. */
export function readPolicies(disk: Disk, root: string): SignedPolicies | undefined {
  return readAs(signedPoliciesSchema, disk.read(policiesPath(root)) ?? "");
}

/** Path of the mark that an action was handed out. */
export function claimPath(root: string, id: string): string {
  return join(root, "claims", id);
}

/** Path of what the Supervisor makes of the world. */
export function supervisorStatePath(root: string): string {
  return join(root, "state", "supervisor.json");
}

/** Ids in a folder of files that are named by one. */
export function idsIn(disk: Disk, folder: string): string[] {
  return disk.list(folder).flatMap((name) => {
    const id = name.endsWith(".json") ? name.slice(0, -".json".length) : "";
    return randomId.safeParse(id).success ? [id] : [];
  });
}

/**
 * All actions that can be read, the oldest first. One that cannot be is no action.
 * @param known as they were read before; those that are over are not read again. @default none
 */
export function readQueue(
  disk: Disk,
  root: string,
  known: ReadonlyMap<string, Action> = new Map(),
): Action[] {
  const actions = idsIn(disk, join(root, "queue")).flatMap((id) => {
    const before = known.get(id);
    if (before && isOver(before.state)) return [before];
    const action = parseAction(disk.read(actionPath(root, id)) ?? "");
    return action?.id === id ? [action] : [];
  });
  return actions.sort((a, b) => a.proposedAt.localeCompare(b.proposedAt));
}

/** What the Observer knows, by host. A file that cannot be read leaves its host unknown. */
export function readWorlds(disk: Disk, root: string): Worlds {
  const folder = join(root, "world");
  return new Map(
    disk.list(folder).flatMap((name) => {
      if (!name.endsWith(".json")) return [];
      const world = parseHostWorld(disk.read(join(folder, name)) ?? "");
      return world && `${world.host}.json` === name ? [[world.host, world] as const] : [];
    }),
  );
}

/** What the Supervisor made of the world; undefined when there is nothing that can be read. */
export function readSupervisorState(disk: Disk, root: string): SupervisorState | undefined {
  return parseSupervisorState(disk.read(supervisorStatePath(root)) ?? "");
}

/** An Observer that wrote this long ago has stopped, and its world is old, in milliseconds. */
const OLD_MS = 60_000;

/** Why the world as a whole is not to be acted upon; undefined when it may be. */
export function worldIsOld(disk: Disk, root: string, now: number): string | undefined {
  const health = parseObserverHealth(disk.read(join(root, "state", "observer_health.json")) ?? "");
  if (!health) return "the Observer does not say how it is";
  if (now - Date.parse(health.at) > OLD_MS)
    return `nothing is heard of the Observer since ${health.at}`;
  if (!health.writable) return `the Observer cannot write: ${health.problem ?? "no reason known"}`;
  return undefined;
}
