// `homelab deploy`: the locks of all named hosts, then one host after another.
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { hostPlan } from "../../model/host-plan.ts";
import { lockedImages } from "../../model/locked-images.ts";
import type { Project } from "../../workspace/project.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import { pullAhead, type HostImages, type Pulling } from "../images/pull.ts";
import { deployCommand, releaseCommand, type DeployWords } from "./commands.ts";
import { heldError } from "./hold.ts";
import { errorFacts } from "./journal.ts";
import { underLocks, type LockedHost } from "./locked-host.ts";
import { inputsOf } from "./inputs.ts";
import { takeoverText } from "./lock.ts";
import { isAsDeployed } from "./nothing-to-do.ts";
import { inRun } from "./open-run.ts";
import { fleetWithOverrides } from "./overridden.ts";
import { placesBelow } from "./places.ts";
import { readReceipts } from "./receipt.ts";
import { notBegun, nothingToDo, type DeployReport, type HostOutcome } from "./report.ts";
import { runHost } from "./run-host.ts";
import type { FurtherLook, PutBackWork } from "./run-context.ts";
import { chosenServices } from "./services.ts";
import { isComplete, resumeProblem, rememberedRun, stagesDone, type RunFacts } from "./state.ts";
import type { Stage } from "./stage.ts";

/** What is to be deployed, and how. */
export interface DeployArgs {
  readonly project: Project;
  /** All hosts. */
  readonly fleet: readonly DeclaredHost[];
  /** Those to deploy. */
  readonly hosts: readonly HostName[];
  /** Go on where the last run ended. */
  readonly resume: boolean;
  /** Run every stage though nothing is to be done. */
  readonly full: boolean;
  /** Stack of services to which it is limited; null for all. */
  readonly only: string | null;
  /** Puts back what a failed stage left unhealthy. @default nothing is put back */
  readonly putBack: PutBackWork | undefined;
  /** Has the hosts put back what they are reached by when nobody comes back. */
  readonly guardWaysIn: boolean;
  /** What else `verify` holds the services to. @default nothing */
  readonly furtherLook?: FurtherLook;
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

/**
 * Deploys hosts, in the order in which they need each other. One that fails or is away holds up no
 * other; if somebody else deploys one of them, nothing begins.
 * @throws UserError HL-USAGE for a stack or a root that cannot be
 */
export async function deployHosts(args: DeployArgs): Promise<DeployReport> {
  const places = placesBelow(args.root);
  const hosts = HOSTS.filter((host) => args.hosts.includes(host));
  for (const host of hosts) chosenServices(declaredOf(args, host).declaration, args.only);
  const why = { commit: args.commit, reason: reasonOf(args) };
  const again = (host: HostName) => deployCommand(host, wordsOf(args));
  const work = async (locked: readonly LockedHost[]) => {
    const outcomes = new Map<HostName, HostOutcome>();
    const wanted = locked.map(({ host }) => imagesOf(args, host));
    const pulling = pullAhead(wanted, args.say, args.interrupted);
    try {
      for (const one of locked) outcomes.set(one.host, await deployLocked(args, one, pulling));
      return outcomes;
    } finally {
      await pulling.stop();
    }
  };
  return underLocks(hosts, { places, why, again }, work, args.say);
}

function declaredOf({ fleet }: DeployArgs, host: HostName): DeclaredHost {
  const found = fleet.find(({ declaration }) => declaration.host === host);
  if (!found) throw new Error(`nothing declares "${host}"`);
  return found;
}

/** The images that a host is to have, but for those whose digest nobody knows. */
function imagesOf(args: DeployArgs, host: HostName): HostImages {
  const { declaration, lock } = declaredOf(args, host);
  return { host, images: lockedImages(chosenServices(declaration, args.only), lock) };
}

function reasonOf({ hosts, resume, only }: DeployArgs): string {
  const words = ["deploy", ...hosts, ...(resume ? ["--resume"] : [])];
  return [...words, ...(only === null ? [] : ["--only", only])].join(" ");
}

function wordsOf({ resume, only, putBack, guardWaysIn, root }: DeployArgs): DeployWords {
  return { resume, only, rollbackOnFailure: putBack !== undefined, guardWaysIn, root };
}

function deployLocked(
  args: DeployArgs,
  locked: LockedHost,
  pulling: Pulling,
): Promise<HostOutcome> {
  const { project, only, commit, say, interrupted, update, guardWaysIn } = args;
  const { putBack, furtherLook } = args;
  const { host, shell, places, lock } = locked;
  const began = new Date();
  const anew = deployCommand(host, { ...wordsOf(args), resume: false });
  let done: Stage[] = [];
  const nothingLeft = (): HostOutcome => {
    // There is no log that would say it.
    if (locked.takenFrom) say(`[${host}] ${takeoverText(locked.takenFrom)}`);
    return nothingToDo(host, "complete");
  };
  const begin = async () => {
    const remembered = await rememberedRun(host, shell, places, began);
    for (const name of remembered.torn) say(`[${host}] ${name} was torn, and is set aside there`);
    if (remembered.held) {
      const error = errorFacts(heldError(host, remembered.held));
      return notBegun(host, "failed", error, releaseCommand(host, args.root));
    }
    const there = fleetWithOverrides(args.fleet, declaredOf(args, host), remembered.overrides);
    const { declared, fleet, overridden } = there;
    const planDigest = hostPlan(declared.declaration, declared.lock, commit).digest;
    const base = { version: 1, id: lock.id, host, commit, planDigest, only } as const;
    const fresh: RunFacts = { ...base, began: began.toISOString() };
    // Of a run over several hosts that was cut short, the last ones have nothing to go on with.
    const resumes = args.resume && !isComplete(remembered);
    if (resumes) {
      const refused = resumeProblem(host, remembered, fresh);
      if (refused) return notBegun(host, "failed", errorFacts(refused), anew);
      done = stagesDone(remembered);
    }
    const mayBeDone = !resumes && !args.full && only === null;
    const newest = async () => (await readReceipts(host, shell, places, 1)).receipts[0];
    const [inputs, last] = await Promise.all([
      inputsOf(project, host),
      mayBeDone ? newest() : undefined,
    ]);
    if (mayBeDone && (await isAsDeployed(declared, last, inputs))) {
      say(`[${host}] nothing to do: it is as it was deployed at ${last?.began ?? ""}`);
      return nothingLeft();
    }
    const facts = done.length > 0 && remembered.run ? remembered.run : fresh;
    const services = chosenServices(declared.declaration, only);
    const names = new Set(declared.declaration.services.map(({ name }) => name));
    const again = deployCommand(host, { ...wordsOf(args), resume: true });
    const known = { project, fleet, declared, services, names, facts, began, inputs, again };
    const pulled = () => pulling.of(host);
    const asked = { putBack, guardWaysIn, furtherLook };
    return { ...known, ...asked, overridden, interrupted, update, pulled, say };
  };
  return inRun(locked, begin, (run) => runHost(run, done));
}
