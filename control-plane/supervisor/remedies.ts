// What would mend a problem, in the closed list of verbs, or why nothing in it would.
import type { Action, Binding } from "../contract/actions.ts";
import { own } from "../contract/observed.ts";
import type { HostWorld } from "../contract/world.ts";
import { certificateAdvice } from "./certificates.ts";
import { dataOf, hostChange, radiusOf, type BlastRadius } from "./blast-radius.ts";
import type { Desired, DesiredHost } from "./desired.ts";
import { digestOf, wasLookedAt } from "./drift.ts";
import type { Problem } from "./problem.ts";

/** An action before it is bound to what was observed. */
export interface Draft extends Omit<Binding, "observed"> {
  readonly reason: string;
  readonly risk: Action["risk"];
  readonly radius: BlastRadius;
  readonly reversibility: Action["reversibility"];
}

/** What would mend a problem. */
export type Remedy = Draft | { readonly withheld: string };

/** More services than this that lack something are no small matter. */
const MANY = 5;
/** Proposals after which another restart is not expected to help. */
const ENOUGH_RESTARTS = 2;

/**
 * What would mend a problem. Restoring a copy is never proposed: nothing that is observed says that
 * data is lost. A person asks for it.
 * @param tries how often something was proposed for it already
 */
export function remedyFor(
  problem: Problem,
  desired: Desired,
  host: DesiredHost,
  world: HostWorld,
  tries: number,
): Remedy {
  const { cause, kind, detail } = problem;
  const override = desired.overrides.get(cause);
  if (override !== undefined) return { withheld: `somebody wants it so: ${override}` };
  if (desired.own.has(cause)) return ofItself(host);
  const name = cause.slice(cause.indexOf("/") + 1);
  switch (kind) {
    case "away":
      return { withheld: "nothing can be done from here until the host answers" };
    case "starting":
      return { withheld: "it is starting" };
    case "certificate":
      return { withheld: certificateAdvice(problem) };
    case "plan":
      return deployHost(problem, desired, host, world);
    case "closed":
      return remount(problem, desired, host, world, name.slice("gate:".length));
    case "missing":
    case "differs":
      return replaced(problem, "redeploy-service", desired, host, world);
    case "image":
      return replaced(problem, "update-image", desired, host, world);
    case "stopped":
    case "unhealthy":
    case "backup":
      break;
  }
  const container = own(world.services, name)?.container;
  if (!container || !wasLookedAt(container)) return { withheld: "it was not looked at yet" };
  if (container.digest === null) return { withheld: "nobody knows the digest of its image" };
  const planned = host.plan.services.find((one) => one.name === name);
  const isAsDeclared = container.spec === planned?.spec;
  if (kind !== "backup" && !isAsDeclared && world.plan?.digest === host.plan.digest) {
    return replaced(problem, "redeploy-service", desired, host, world);
  }
  if (kind !== "backup" && tries >= ENOUGH_RESTARTS) {
    const back = rollBack(problem, desired, host, world);
    if (back) return back;
  }
  const radius = kind === "backup" ? radiusOf(desired, []) : radiusOf(desired, [cause]);
  const isWide = radius.degrades.length > MANY || host.services.get(name)?.critical === true;
  return {
    verb: kind === "backup" ? "run-backup" : kind === "stopped" ? "start" : "restart",
    host: problem.host,
    target: name,
    plan: host.plan.digest,
    commit: null,
    digests: [container.digest],
    reason: `${cause} ${detail}`,
    risk: kind === "unhealthy" && isWide ? "medium" : "low",
    radius,
    reversibility: {
      kind: "nothing-to-undo",
      how: kind === "backup" ? "it adds a copy" : "it runs from the same image as before",
    },
  };
}

const NO_COMMIT = { withheld: "nobody knows which commit the repository is at" } as const;

function ofItself({ declaration }: DesiredHost): Remedy {
  return {
    withheld: `the control plane does not act on itself; npx homelab deploy ${declaration.host}, at the desk`,
  };
}

function deployHost(
  problem: Problem,
  desired: Desired,
  host: DesiredHost,
  world: HostWorld,
): Remedy {
  if (desired.commit === null) return NO_COMMIT;
  const wanted = Object.fromEntries(host.plan.services.map((one) => [one.name, one]));
  const { restarts, migrates } = hostChange(world, host, wanted);
  if (restarts.some((id) => desired.own.has(id))) return ofItself(host);
  const radius = radiusOf(
    desired,
    restarts,
    migrates.flatMap((name) => dataOf(host, name)),
  );
  return {
    verb: "deploy-host",
    host: problem.host,
    target: problem.host,
    plan: host.plan.digest,
    commit: desired.commit,
    digests: [],
    reason: `${problem.cause} ${problem.detail}`,
    risk: migrates.length > 0 || world.plan === null ? "high" : "medium",
    radius,
    reversibility: wayBack(host, world, migrates),
  };
}

function replaced(
  problem: Problem,
  verb: "redeploy-service" | "update-image",
  desired: Desired,
  host: DesiredHost,
  world: HostWorld,
): Remedy {
  const { cause, detail } = problem;
  const name = cause.slice(cause.indexOf("/") + 1);
  const planned = host.plan.services.find((one) => one.name === name);
  if (!planned) return { withheld: "the repository does not declare it" };
  if (world.plan?.digest !== host.plan.digest) {
    return { withheld: "the host has another plan; deploying that comes first" };
  }
  if (desired.commit === null) return NO_COMMIT;
  const digest = digestOf(planned.image);
  if (digest === undefined) return { withheld: "the lock does not say the digest of its image" };
  const { migrates } = hostChange(world, host, { [name]: planned });
  const data = migrates.includes(name) ? dataOf(host, name) : [];
  return {
    verb,
    host: problem.host,
    target: name,
    plan: host.plan.digest,
    commit: desired.commit,
    digests: [digest],
    reason: `${cause} ${detail}`,
    risk: data.length > 0 ? "high" : "medium",
    radius: radiusOf(desired, [cause], data),
    reversibility: wayBack(host, world, data.length > 0 ? [name] : []),
  };
}

function remount(
  problem: Problem,
  { without }: Desired,
  { declaration, plan }: DesiredHost,
  world: HostWorld,
  target: string,
): Remedy {
  const gate = declaration.gates.find((one) => one.name === target);
  if (gate?.kind !== "mount")
    return { withheld: gate?.remedy ?? "the repository has no such gate" };
  // What the host mounts was declared by what is deployed there, and by nothing newer.
  const commit = world.plan?.commit ?? null;
  if (commit === null) return { withheld: "nobody knows which commit is deployed on the host" };
  const { broken, degraded } = without(problem.cause);
  return {
    verb: "remount",
    host: problem.host,
    target,
    plan: plan.digest,
    commit,
    digests: [],
    reason: `${problem.cause} ${problem.detail}`,
    risk: "low",
    // What waits for it is started by its host's own orchestrator.
    radius: { restarts: [], degrades: [...broken, ...degraded].sort(), data: [] },
    reversibility: { kind: "nothing-to-undo", how: "it mounts what was mounted before" },
  };
}

/** To the deployment before, when it is the newest one that changed what does not run. */
function rollBack(
  { cause, host: name, detail }: Problem,
  desired: Desired,
  host: DesiredHost,
  world: HostWorld,
): Draft | undefined {
  const [newest, before] = host.receipts;
  const service = cause.slice(cause.indexOf("/") + 1);
  if (!newest || !before || newest.commit === before.commit) return undefined;
  if (newest.commit !== world.plan?.commit) return undefined;
  const [now, then] = [newest.services[service], before.services[service]];
  if (!now || !then || (now.spec === then.spec && now.image === then.image)) return undefined;
  const { restarts, migrates } = hostChange(world, host, before.services);
  if (restarts.some((id) => desired.own.has(id))) return undefined;
  return {
    verb: "roll-back",
    host: name,
    target: before.began,
    plan: host.plan.digest,
    commit: before.commit,
    digests: [],
    reason: `${cause} ${detail} since the deployment of ${newest.began}, and starting it again does not help`,
    risk: "high",
    radius: radiusOf(
      desired,
      restarts,
      migrates.flatMap((each) => dataOf(host, each)),
    ),
    reversibility: { kind: "by-receipt", how: `the host can go forward to ${newest.began} again` },
  };
}

/** How what is deployed can be undone. */
function wayBack(
  { receipts, keepers }: DesiredHost,
  world: HostWorld,
  migrates: readonly string[],
): Action["reversibility"] {
  const forward = migrates.filter((name) => keepers.get(name)?.rule.olderOpens !== "always");
  if (forward.length > 0) {
    return {
      kind: "by-copy",
      how: `the version before may not open what the new one writes (${forward.join(", ")}); the copy that is made first can be put back`,
    };
  }
  const receipt = receipts.find(({ commit }) => commit === world.plan?.commit);
  return receipt
    ? { kind: "by-receipt", how: `rolling back to the deployment of ${receipt.began}` }
    : { kind: "none", how: "nobody has the receipt of what is there now" };
}
