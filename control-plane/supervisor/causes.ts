// What is not well, each by its cause: thirty symptoms of one cause are one problem.
import { causesIn, chainOf } from "../../model/cause-chain.ts";
import { hostOf } from "../../model/graph.ts";
import type { Desired } from "./desired.ts";
import type { Finding } from "./findings.ts";
import { problemKey, type Problem, type ProblemKind } from "./problem.ts";

const KINDS: Readonly<Partial<Record<Finding["state"], ProblemKind>>> = {
  away: "away",
  closed: "closed",
  stopped: "stopped",
  unhealthy: "unhealthy",
  missing: "missing",
};

/**
 * What is not well, by cause. A node whose own state, or whose requirement's, nobody knows has no
 * cause here, unless its host is away.
 * @param wasThere whether a problem was there at the comparison before
 */
export function problemsByCause(
  desired: Desired,
  findingOf: (id: string) => Finding,
  wasThere: (key: string) => boolean,
): Problem[] {
  const causes = new Map<string, Set<string>>();
  for (const id of [...desired.hosts.keys(), ...desired.needs.keys()]) {
    const { state } = findingOf(id);
    if (state === "ready" || isDone(desired, findingOf(id))) continue;
    if (state === "starting") {
      // What crashes again and again starts in between, which makes it no better.
      if (wasThere(problemKey({ cause: id, kind: "starting" }))) causes.set(id, new Set());
      continue;
    }
    for (const cause of causesOf(id, desired, findingOf)) {
      const affected = causes.get(cause) ?? new Set();
      if (cause !== id) affected.add(id);
      causes.set(cause, affected);
    }
  }
  return places(
    desired,
    [...causes].map(([cause, affected]): Problem => {
      const { state, detail, since, sequence } = findingOf(cause);
      const kind = KINDS[state] ?? "starting";
      const host = hostOf(cause);
      return { cause, host, kind, detail, since, sequence, affected: [...affected].sort() };
    }),
  ).filter(({ cause, affected }) => {
    const mayBe = desired.intermittent.has(cause) && findingOf(cause).isSilent === true;
    // What it leaves not well on other hosts is their trouble.
    return !mayBe || affected.some((id) => hostOf(id) !== cause);
  });
}

/**
 * Where it begins that a node is not well. What it could do without is its cause when it runs and
 * fails its check, or when that is a host or a mount: starting it again helps little until that is back.
 */
function causesOf(
  id: string,
  { needs }: Desired,
  findingOf: (id: string) => Finding,
): readonly string[] {
  const isUnhealthy = findingOf(id).state === "unhealthy";
  const found = causesIn(chainOf(needs, id, findingOf)).filter(({ state, strength }) => {
    if (KINDS[state] === undefined) return false;
    return strength === "hard" || isUnhealthy || state === "away" || state === "closed";
  });
  const others = found.filter((cause) => cause.id !== id);
  return (others.length > 0 ? others : found).map((cause) => cause.id);
}

/** Of hosts that stand together and are all away, one problem: it is the power, or the line. */
function places({ places: all }: Desired, problems: readonly Problem[]): Problem[] {
  let rest = [...problems];
  for (const [place, hosts] of Object.entries(all)) {
    const away = rest.filter(({ kind, cause }) => kind === "away" && hosts.includes(cause));
    const [first] = [...away].sort((a, b) => a.since.localeCompare(b.since));
    if (!first || hosts.length < 2 || away.length < hosts.length) continue;
    const affected = new Set([...hosts, ...away.flatMap((one) => one.affected)]);
    rest = rest.filter((one) => !away.includes(one));
    rest.push({
      ...first,
      cause: place,
      detail: `is not heard of any more: ${[...hosts].sort().join(", ")}`,
      affected: [...affected].sort(),
    });
  }
  return rest;
}

function isDone({ oneShots }: Desired, { id, state, exitCode }: Finding): boolean {
  return state === "stopped" && exitCode === 0 && oneShots.has(id);
}
