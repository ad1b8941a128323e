import { runOnHost } from "../../hosts/remote-shell.ts";
import { exitCodeOf, type CheckRow } from "../../hosts/inspection/rows.ts";
import { controlPlaneFolders } from "../../components/monitoring/control-plane-folders.plan.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { HOSTS, hostWith, type HostName } from "../../model/host-names.ts";
import { ROOT } from "../../model/paths.ts";
import type { Site } from "../../model/site.ts";
import { openProject, siteOf } from "../../workspace/project.ts";
import { checkText } from "../check/text.ts";
import { deployed } from "../deploy/deploy.ts";
import { deployText } from "../deploy/text.ts";
import { controlPlaneOff } from "../desk/vps.ts";
import { print, printJson } from "../output.ts";
import { bootstrapAnswerSchema, type BootstrapAnswer } from "./answer.ts";
import {
  buildsOf,
  partsScript,
  partTroubles,
  sightOf,
  type Builds,
  type PartTrouble,
} from "./parts-there.ts";
import { prepareVps } from "./prepare-vps.ts";
import { isCoordinator } from "./where.ts";

const VPS = hostWith("coordinator");
/** Longest time for the VPS to say what runs on it. */
const LOOK_SECONDS = 60;

/** How it was called. */
export interface BootstrapOptions {
  /** Do not ask the git remote for newer commits. */
  readonly offline: boolean;
  readonly json: boolean;
}

/**
 * Sets the control plane up, or upgrades it, prints how that went and answers the exit code. On the VPS
 * it prepares the machine; elsewhere it deploys all hosts, holds each part to the build of this
 * checkout, and puts the old ones back where the new do not answer as that.
 * @throws UserError HL-CONTROL-PLANE-OFF where the site has none, HL-USAGE on the VPS without root
 */
export async function bootstrap(options: BootstrapOptions): Promise<number> {
  const project = await openProject();
  const site = siteOf(project, VPS);
  if (!site.controlPlane) throw controlPlaneOff();
  const answer = isCoordinator(site)
    ? await onVps(site, project.programFolder)
    : await atDesk(site, project.programFolder, options);
  if (typeof answer === "number") return answer;
  if (options.json) printJson(bootstrapAnswerSchema, answer);
  else print(textOf(answer));
  return answer.exitCode;
}

async function onVps(site: Site, checkout: string): Promise<BootstrapAnswer> {
  if (process.getuid?.() !== 0) {
    const how = "sudo scripts/bootstrap/vps-control-plane.sh";
    throw new UserError("HL-USAGE", `on the VPS it makes folders of other users; as root: ${how}`);
  }
  const folders = controlPlaneFolders(site.controlPlane?.notifications !== undefined);
  const rows = await prepareVps(site, checkout, folders);
  const isReady = exitCodeOf(rows) !== 2;
  return { version: 1, exitCode: isReady ? 0 : 1, where: "coordinator", rows, deployment: null };
}

async function atDesk(
  site: Site,
  checkout: string,
  { offline, json }: BootstrapOptions,
): Promise<BootstrapAnswer | number> {
  const builds = await buildsOf(checkout);
  const deployment = await deployed(HOSTS, {
    ...{ resume: false, full: false, only: null, rollbackOnFailure: true },
    ...{ guardWaysIn: false, offline, root: ROOT, json },
    furtherLook: async (host) => sightOf(await troublesOn(host, site, builds)),
  });
  if (typeof deployment === "number") return deployment;
  const { exitCode } = deployment;
  if (exitCode !== 0) return { version: 1, exitCode, where: "desk", rows: [], deployment };
  // Where nothing was to be done nobody has looked yet.
  const rows = await rowsOf(site, builds);
  const isWell = exitCodeOf(rows) === 0;
  return { version: 1, exitCode: isWell ? 0 : 1, where: "desk", rows, deployment };
}

/** Only the VPS has parts. */
async function troublesOn(
  host: HostName,
  site: Site,
  builds: Builds,
): Promise<Map<string, PartTrouble>> {
  if (host !== VPS) return new Map();
  const { stdout } = await runOnHost(VPS, partsScript(site), LOOK_SECONDS);
  return partTroubles(stdout, builds);
}

async function rowsOf(site: Site, builds: Builds): Promise<CheckRow[]> {
  const base = { host: VPS, check: "control plane" } as const;
  try {
    const troubles = [...(await troublesOn(VPS, site, builds))];
    if (troubles.length === 0) {
      const seen = `all parts are of this checkout (page ${builds["operator-ui"]})`;
      return [{ ...base, state: "ok", seen, remedy: "" }];
    }
    const remedy = `npx homelab deploy ${VPS} --full, or back: npx homelab rollback ${VPS}`;
    return troubles.map(([name, { text }]) => {
      return { ...base, state: "failure", seen: `${name} ${text}`, remedy };
    });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const remedy = "npx homelab control-plane bootstrap, once more";
    return [{ ...base, state: "failure", seen: error.message, remedy }];
  }
}

function textOf({ exitCode, where, rows, deployment }: BootstrapAnswer): string {
  const parts = [
    ...(deployment ? [deployText(deployment)] : []),
    ...(rows.length > 0 ? [checkText(rows)] : []),
    ...(exitCode === 0 ? [nextText(where)] : []),
  ];
  return parts.join("\n");
}

function nextText(where: BootstrapAnswer["where"]): string {
  return where === "coordinator"
    ? "This machine is prepared. On the computer that you deploy from:\n  npx homelab control-plane bootstrap\n"
    : "How everything is: npx homelab status\n";
}
