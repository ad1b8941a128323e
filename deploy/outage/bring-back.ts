// `homelab deploy --after-outage`: the locks of all named hosts, then one host after another, each
// through its own boot orchestrator. No Pulumi, and no network but ssh.
import { readMaintenance } from "../../hosts/maintenance.ts";
import { HostError, UserError } from "../../model/errors.ts";
import type { HostName } from "../../model/host-names.ts";
import { hostPlan } from "../../model/host-plan.ts";
import type { Maintenance } from "../../model/maintenance.ts";
import { lookAtHost, type DeclaredHost } from "../drift/look-at-host.ts";
import { afterOutageCommand } from "../staged/commands.ts";
import { runThere } from "../staged/host-files.ts";
import { errorFacts } from "../staged/journal.ts";
import { underLocks, type LockedHost } from "../staged/locked-host.ts";
import { placesBelow } from "../staged/places.ts";
import { notBegun, nothingToDo, type DeployReport, type HostOutcome } from "../staged/report.ts";
import { Arrivals, needsElsewhere } from "./arrivals.ts";
import { BOOT_LOOK, bootLookIn } from "./boot-look.ts";
import { assertDeployed, bringBackHost } from "./bring-back-host.ts";
import { standingIn, type Standing } from "./standing.ts";

/** A host waits so long at most for what its services need of those before it. */
const LONGEST_WAIT_SECONDS = 60;

/** What is to be brought back, and how. */
export interface BringBackArgs {
  /** All hosts. */
  readonly fleet: readonly DeclaredHost[];
  /** Those to bring back, in the order in which that is done. */
  readonly hosts: readonly HostName[];
  /** Where state and logs are kept on the hosts. */
  readonly root: string;
  /** Of the checkout. */
  readonly commit: string;
  readonly say: (line: string) => void;
  /** Fires when a person wants the run to end. */
  readonly interrupted: AbortSignal;
}

/** A host as it was found. */
interface FoundHost {
  readonly locked: LockedHost;
  readonly declared: DeclaredHost;
  readonly standing: Standing;
}

/** A host on which nothing is begun. */
interface Left {
  readonly host: HostName;
  readonly outcome: HostOutcome;
  /** Services that are up there all the same. */
  readonly up: Iterable<string>;
}

/**
 * Brings back what is down. One host that fails or is away holds up no other; if somebody else has
 * the lock of one, nothing begins.
 * @throws UserError HL-USAGE for a root that cannot be
 */
export function bringBack(args: BringBackArgs): Promise<DeployReport> {
  const places = placesBelow(args.root);
  const why = {
    commit: args.commit,
    reason: ["deploy", ...args.hosts, "--after-outage"].join(" "),
  };
  // Whatever kept the hosts' orchestrators from their work: they are to do it now.
  const orchestrator = "works";
  const again = (host: HostName) => afterOutageCommand(host, args.root);
  const locking = { places, why, again, orchestrator } as const;
  return underLocks(args.hosts, locking, (locked) => bringLockedBack(args, locked), args.say);
}

async function bringLockedBack(
  args: BringBackArgs,
  locked: readonly LockedHost[],
): Promise<ReadonlyMap<HostName, HostOutcome>> {
  const looks = locked.map((one) => lookedAt(args, one));
  const arrivals = new Arrivals();
  const outcomes = new Map<HostName, HostOutcome | Promise<HostOutcome>>();
  // A look that takes its time holds up no host before it.
  for (const look of looks) {
    const one = await look;
    if ("outcome" in one) {
      outcomes.set(one.host, one.outcome);
      for (const name of one.up) arrivals.up(`${one.host}/${name}`);
      arrivals.settled(one.host);
      continue;
    }
    await awaitOthers(args, one, arrivals, [...outcomes.keys()]);
    outcomes.set(one.locked.host, begun(args, one, arrivals));
  }
  const ended = [...outcomes].map(async ([host, outcome]) => [host, await outcome] as const);
  return new Map(await Promise.all(ended));
}

/** What is known before anything is started: what is down, or that nothing is to be done. */
async function lookedAt(args: BringBackArgs, locked: LockedHost): Promise<FoundHost | Left> {
  const { host, shell } = locked;
  const left = (outcome: HostOutcome, up: Iterable<string> = []): Left => ({ host, outcome, up });
  const declared = args.fleet.find(({ declaration }) => declaration.host === host);
  if (!declared) throw new Error(`nothing declares "${host}"`);
  try {
    const [maintenance, look, unit] = await Promise.all([
      readMaintenance(host),
      lookAtHost(declared),
      runThere(host, shell, BOOT_LOOK, { what: "read" }).then((text) => bootLookIn(text).unit),
    ]);
    if (maintenance) {
      const error = errorFacts(maintainedError(host, maintenance));
      return left(notBegun(host, "failed", error, `npx homelab maintenance ${host} --end`));
    }
    if ("away" in look && look.away === "overrides") {
      throw new HostError("HL-OVERRIDE", host, `${look.found}; \`${look.hint}\` says more`);
    }
    const standing = standingIn(declared, look);
    if (standing.down.size > 0 || unit !== "works") return { locked, declared, standing };
    assertDeployed(host, standing);
    args.say(`[${host}] nothing to do: its ${standing.up.size} services are up`);
    return left(nothingToDo(host, null), standing.up);
  } catch (error) {
    if (!(error instanceof HostError || error instanceof UserError)) throw error;
    return left(notBegun(host, "failed", errorFacts(error), locked.again));
  }
}

function maintainedError(host: string, { by, reason, until }: Maintenance): UserError {
  const end = until === undefined ? "" : ` until ${until}`;
  return new UserError(
    "HL-DEPLOY-MAINTENANCE",
    `${by} works on ${host}${end}: ${reason}; \`npx homelab maintenance ${host} --end\` lets it be brought back`,
  );
}

/** Lets those before a host come as far as its services need them, within limits. */
async function awaitOthers(
  { say, interrupted }: BringBackArgs,
  { locked: { host }, declared }: FoundHost,
  arrivals: Arrivals,
  before: readonly HostName[],
): Promise<void> {
  const needs = needsElsewhere(hostPlan(declared.declaration, declared.lock, ""));
  const missing = arrivals.missing(needs, before);
  if (missing.length === 0) return;
  say(`[${host}] waits for ${missing.join(", ")}, ${LONGEST_WAIT_SECONDS} s at most`);
  const late = await arrivals.await(needs, before, LONGEST_WAIT_SECONDS, interrupted);
  if (late.length > 0) say(`[${host}] goes on without ${late.join(", ")}`);
}

async function begun(
  { fleet, commit, interrupted, say }: BringBackArgs,
  { locked, declared, standing }: FoundHost,
  arrivals: Arrivals,
): Promise<HostOutcome> {
  const { host, again } = locked;
  if (interrupted.aborted) {
    const code = "HL-DEPLOY-INTERRUPTED";
    return notBegun(host, "failed", { code, message: "a person ended the run before" }, again);
  }
  return await bringBackHost({
    ...{ locked, fleet, declared, standing, interrupted, say },
    plan: hostPlan(declared.declaration, declared.lock, commit),
    up: (service) => arrivals.up(`${host}/${service}`),
    settled: () => arrivals.settled(host),
  });
}
