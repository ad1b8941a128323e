// The VPS as the desk reaches it: over ssh, and there as the user of the control plane's parts. What
// lies in their folders may be a thief's: root neither follows a link in them nor writes there.
import { visible } from "../../control-plane/contract/visible.ts";
import { setTimeout as delay } from "node:timers/promises";
import { CONTROL_PLANE_USER } from "../../components/monitoring/control-plane-folders.plan.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { CONNECTION_LOST, runOnHost, type ScriptResult } from "../../hosts/remote-shell.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { hostWith } from "../../model/host-names.ts";
import { ROOT } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { openProject, siteOf } from "../../workspace/project.ts";
import { DECIDED_BEFORE, decisionScript, replaceScript } from "./decision-script.ts";
import { snapshotIn, type Snapshot } from "./snapshot.ts";

/** What the desk's commands need of the world. */
export interface Desk {
  /** Runs a script on the VPS as the user of the parts. */
  readonly run: (script: string) => Promise<Pick<ScriptResult, "exitCode" | "stdout" | "stderr">>;
  /** Folder of the runtime state on the VPS. */
  readonly root: string;
  /** Milliseconds since 1970, by the clock of this computer. */
  readonly now: () => number;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

const VPS = hostWith("coordinator");
/** Time for a few files, and for a log of some tens of megabytes. */
const SECONDS = 60;

/**
 * The desk of this computer.
 * @throws UserError HL-CONTROL-PLANE-OFF where the site has none, and as openProject
 */
export async function openDesk(): Promise<Desk> {
  if (!siteOf(await openProject(), VPS).controlPlane) throw controlPlaneOff();
  return {
    run: (script) => runOnHost(VPS, asParts(script), SECONDS),
    root: ROOT,
    now: Date.now,
    pause: (milliseconds) => delay(milliseconds),
  };
}

/** That the site has no control plane, and how it gets one. */
export function controlPlaneOff(): UserError {
  return new UserError(
    "HL-CONTROL-PLANE-OFF",
    "this site has no control plane; to turn it on: set homelab:site.controlPlane to {} in Pulumi.yaml, then `npx homelab secrets init` and `npx homelab control-plane bootstrap` (docs/control-plane.md)",
  );
}

/** The script, run by root of a host as the user of the parts. */
export function asParts(script: string): string {
  const [user, group] = CONTROL_PLANE_USER.split(":");
  return `cd / && setpriv --reuid=${user} --regid=${group} --clear-groups -- sh -c ${quote(script)}\n`;
}

/**
 * What a script of look-script.ts reads.
 * @throws HostError HL-UNREACHABLE, HL-HOST-SLOW, HL-CONTROL-PLANE-FILES
 */
export async function read(desk: Desk, script: string): Promise<Snapshot> {
  const { root } = desk;
  const { exitCode, stdout, stderr } = await ran(desk, script);
  const found = exitCode === 0 ? snapshotIn(stdout) : undefined;
  if (found === "absent") {
    throw new HostError(
      "HL-CONTROL-PLANE-FILES",
      VPS,
      `nothing of the control plane is in ${root} yet; deploy all three hosts: npx homelab deploy`,
    );
  }
  if (found) return found;
  const why = shownLine(stderr) || `the answer was cut short (${exitCode})`;
  throw new HostError("HL-CONTROL-PLANE-FILES", VPS, `${root} cannot be read: ${why}`);
}

/**
 * Puts a decision in its place; false, and nothing done, when there is one.
 * @throws HostError as `read`
 */
export async function decide(desk: Desk, path: string, text: string): Promise<boolean> {
  const answer = await ran(desk, decisionScript(desk.root, path, text));
  if (answer.exitCode === 0) return true;
  if (answer.exitCode === DECIDED_BEFORE) return false;
  throw notKept(answer, "`npx homelab actions` shows whether it was written");
}

/**
 * Puts a file that stands for decisions to come in its place, and in that of the one before.
 * @throws HostError as `read`
 */
export async function replace(desk: Desk, path: string, text: string): Promise<void> {
  const answer = await ran(desk, replaceScript(desk.root, path, text));
  if (answer.exitCode !== 0) throw notKept(answer, "do it again");
}

function notKept(
  { exitCode, stderr }: Pick<ScriptResult, "exitCode" | "stderr">,
  whenLost: string,
): HostError {
  const why =
    exitCode === CONNECTION_LOST ? `the connection was lost; ${whenLost}` : shownLine(stderr);
  return new HostError("HL-CONTROL-PLANE-FILES", VPS, `the decision was not kept: ${why}`);
}

/** Runs a script. What the VPS says of its errors is as little to be trusted as its files. */
async function ran(
  { run }: Desk,
  script: string,
): Promise<Pick<ScriptResult, "exitCode" | "stdout" | "stderr">> {
  try {
    return await run(script);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new HostError(error.code, error.host, visible(error.message));
  }
}

function shownLine(stderr: string): string {
  return visible(lastLine(stderr));
}
