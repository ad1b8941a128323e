// `homelab deploy`: the locks of all named hosts, then one host after another.
import { randomUUID } from "node:crypto";
import { HostError, UserError } from "../../model/errors.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { hostPlan } from "../../model/host-plan.ts";
import { secretValues } from "../../workspace/pulumi.ts";
import type { Project } from "../../workspace/project.ts";
import { maskerOf } from "../../hosts/masking.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import { shellOf, type HostShell } from "./host-files.ts";
import { errorFacts, openJournal } from "./journal.ts";
import { lockedError, lockText, releaseLock, takeLock, type DeployLock } from "./lock.ts";
import { ownIdentity } from "./owner.ts";
import { placesBelow, type Places } from "./places.ts";
import { notBegun, reportOf, type DeployReport, type HostOutcome } from "./report.ts";
import { runHost } from "./run-host.ts";
import { chosenServices } from "./services.ts";
import { assertResumable, rememberedRun, stagesDone, type RunFacts } from "./state.ts";
import { STAGES, type Stage } from "./stage.ts";

/** What is to be deployed, and how. */
export interface DeployArgs {
  readonly project: Project;
  /** All hosts. */
  readonly fleet: readonly DeclaredHost[];
  /** Those to deploy. */
  readonly hosts: readonly HostName[];
  /** Go on where the last run ended. */
  readonly resume: boolean;
  /** Stack of services to which it is limited; null for all. */
  readonly only: string | null;
  /** Where state and logs are kept on the hosts. */
  readonly root: string;
  readonly commit: string;
  /** What was done about the checkout. */
  readonly update: string;
  /** Told what happens, line by line. */
  readonly say: (line: string) => void;
  /** Fires when a person wants the run to end: what is under way is finished, and recorded. */
  readonly interrupted: AbortSignal;
}

/** A host whose lock is held. */
interface LockedHost {
  readonly host: HostName;
  readonly shell: HostShell;
  readonly lock: DeployLock;
  readonly takenFrom: DeployLock | undefined;
}

/**
 * Deploys hosts, in the order in which they need each other. One that fails or is away holds up no
 * other; if somebody else deploys one of them, nothing begins.
 * @throws UserError HL-USAGE for a stack or a root that cannot be
 */
export async function deployHosts(args: DeployArgs): Promise<DeployReport> {
  const places = placesBelow(args.root);
  const hosts = HOSTS.filter((host) => args.hosts.includes(host));
  for (const host of hosts) chosenServices(declaredOf(args, host).declaration, args.only);
  const outcomes = new Map<HostName, HostOutcome>();
  const locked: LockedHost[] = [];
  try {
    for (const host of hosts) {
      const one = await lockOrSay(args, places, host);
      if ("outcome" in one) outcomes.set(host, one);
      else locked.push(one);
      if ("outcome" in one && one.outcome === "refused") return reportOf([one]);
    }
    for (const one of locked) outcomes.set(one.host, await deployLocked(args, places, one));
  } finally {
    await Promise.all(locked.map((one) => release(args, places, one)));
  }
  return reportOf(hosts.flatMap((host) => outcomes.get(host) ?? []));
}

function declaredOf({ fleet }: DeployArgs, host: HostName): DeclaredHost {
  const found = fleet.find(({ declaration }) => declaration.host === host);
  if (!found) throw new Error(`nothing declares "${host}"`);
  return found;
}

async function lockOrSay(
  args: DeployArgs,
  places: Places,
  host: HostName,
): Promise<LockedHost | HostOutcome> {
  const shell = shellOf(host);
  const lock: DeployLock = {
    version: 1,
    id: randomUUID(),
    owner: ownIdentity(),
    since: new Date().toISOString(),
    commit: args.commit,
    reason: reasonOf(args),
  };
  try {
    const taken = await takeLock(host, shell, places, lock);
    if (taken.taken) return { host, shell, lock, takenFrom: taken.from };
    return notBegun(host, "refused", errorFacts(lockedError(host, taken.held)));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return notBegun(host, "failed", errorFacts(error));
  }
}

function reasonOf({ hosts, resume, only }: DeployArgs): string {
  const words = ["deploy", ...hosts, ...(resume ? ["--resume"] : [])];
  return [...words, ...(only === null ? [] : ["--only", only])].join(" ");
}

async function deployLocked(
  args: DeployArgs,
  places: Places,
  { host, shell, lock, takenFrom }: LockedHost,
): Promise<HostOutcome> {
  const { project, fleet, only, commit, say } = args;
  const declared = declaredOf(args, host);
  const planDigest = hostPlan(declared.declaration, declared.lock, commit).digest;
  const began = new Date();
  const fresh: RunFacts = {
    version: 1,
    id: lock.id,
    host,
    commit,
    planDigest,
    only,
    began: began.toISOString(),
  };
  try {
    const remembered = await rememberedRun(host, shell, places, began);
    for (const name of remembered.torn) say(`[${host}] ${name} was torn, and is set aside there`);
    if (args.resume) assertResumable(host, remembered, fresh);
    const done: Stage[] = args.resume ? stagesDone(remembered) : [];
    if (done.length === STAGES.length) return nothingLeft(host);
    const facts = done.length > 0 && remembered.run ? remembered.run : fresh;
    const mask = maskerOf(await secretValues(project, host));
    const journal = openJournal({ run: facts, began, shell, places, mask, say });
    try {
      const services = chosenServices(declared.declaration, only);
      const context = { host, project, fleet, declared, services, facts, shell, places, journal };
      const { interrupted, update } = args;
      const rest = { mask, takenFrom, interrupted, update, began, durations: {} };
      return await runHost({ ...context, ...rest, failed: new Set() }, done);
    } finally {
      journal.close();
    }
  } catch (error) {
    if (!(error instanceof HostError || error instanceof UserError)) throw error;
    return notBegun(host, "failed", errorFacts(error));
  }
}

function nothingLeft(host: string): HostOutcome {
  const nothing = { seconds: 0, error: null, cause: null, log: null, diagnostics: null };
  return { host, outcome: "nothing", stage: "complete", ...nothing, receipt: null, next: null };
}

/** Gives the lock back. Not being able to is said, and hides no first error. */
async function release({ say }: DeployArgs, places: Places, held: LockedHost): Promise<void> {
  const { host, shell, lock } = held;
  try {
    await releaseLock(host, shell, places, lockText(lock));
  } catch (error) {
    say(
      `[${host}] the lock could not be given back: ${errorFacts(error).message}; later: npx homelab unlock ${host}`,
    );
  }
}
