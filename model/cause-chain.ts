import type { Requirement } from "./declaration.ts";
import { hostOf, requirementsOf, type Graph, type GraphEdge } from "./graph.ts";

/** How a service, a gate or a host is. */
export const NODE_STATES = [
  /** A service that runs and is healthy, or a gate that is open. */
  "ready",
  /** Runs, and its check has not passed yet. */
  "starting",
  /** Runs, and its check fails. */
  "unhealthy",
  /** There, and does not run. */
  "stopped",
  /** Not there. */
  "missing",
  /** Made anew by somebody else under a name of ours. */
  "replaced",
  /** A gate that is closed. */
  "closed",
  /** A host that does not answer, or whose engine does not. */
  "away",
  /** On a host that is away, or that was not looked at. */
  "unknown",
] as const;

/** How a service, a gate or a host is. */
export type NodeState = (typeof NODE_STATES)[number];

/** What has to be known of a node to follow it. */
export interface NodeFinding {
  /** "docker-vm/grafana", "docker-vm/gate:nas-media", or "nas" for a host. */
  readonly id: string;
  readonly state: NodeState;
  /** Of a container that does not run; null where nobody knows. */
  readonly exitCode: number | null;
}

/** A node on the way from a service to what keeps it from being well. */
export type Linked<Finding> = Finding & {
  /** Who needs it, of what is in the chain; nobody for the service itself. */
  neededBy: string[];
  /** hard: what needs it cannot run without; soft: it has less of something. */
  strength: Requirement["strength"];
  /** Nothing that it needs is in the way: here it begins. */
  cause: boolean;
};

/** What each node needs directly, see requirementsOf. */
export type Needs = ReadonlyMap<string, readonly GraphEdge[]>;

/** The states that are causes, first what has to be mended first: what others wait behind. */
const MENDED_FIRST: readonly NodeState[] = [
  "away",
  "closed",
  "replaced",
  "missing",
  "stopped",
  "unhealthy",
  "starting",
];

/**
 * The way from a service to what keeps it from being well: it, what it requires that is not as it
 * has to be, what that requires by hard edges, and so on. Each node once, however many need it.
 * What a service can do without is followed only from the service itself.
 */
export function chainOf<Finding extends NodeFinding>(
  needs: Needs,
  service: string,
  findingOf: (id: string) => Finding,
): Linked<Finding>[] {
  const unmet = (id: string, isFollowed: (edge: Step) => boolean): Step[] => {
    // A host that is away comes before everything on it.
    if (findingOf(id).state === "unknown") return [{ to: hostOf(id), strength: "hard" }];
    return (needs.get(id) ?? []).filter(
      (edge: GraphEdge) => isFollowed(edge) && !isMet(edge, findingOf(edge.to)),
    );
  };
  const isHard = ({ strength }: Step): boolean => strength === "hard";
  const links = new Map<string, Linked<Finding>>();
  const follow = (start: readonly Step[], from: string, strength: Step["strength"]): void => {
    const queue = start.map(({ to }) => ({ to, from }));
    for (let next = queue.shift(); next; next = queue.shift()) {
      const known = links.get(next.to);
      if (known) {
        if (!known.neededBy.includes(next.from)) known.neededBy.push(next.from);
        continue;
      }
      const finding = findingOf(next.to);
      const further = finding.state === "away" ? [] : unmet(next.to, isHard);
      const cause = further.length === 0 || finding.state === "replaced";
      links.set(next.to, { ...finding, neededBy: [next.from], strength, cause });
      for (const { to } of further) queue.push({ to, from: next.to });
    }
  };
  const own = findingOf(service);
  const steps = unmet(service, () => true);
  const hard = steps.filter(isHard);
  const cause = own.state === "replaced" || (own.state !== "ready" && hard.length === 0);
  links.set(service, { ...own, neededBy: [], strength: "hard", cause });
  follow(hard, service, "hard");
  follow(
    steps.filter((step) => !isHard(step)),
    service,
    "soft",
  );
  return [...links.values()];
}

/** What has to be mended, first what has to come first. */
export function causesIn<Finding extends NodeFinding>(
  chain: readonly Linked<Finding>[],
): Linked<Finding>[] {
  const rank = ({ state, strength }: Linked<Finding>): number =>
    MENDED_FIRST.indexOf(state) + (strength === "soft" ? MENDED_FIRST.length : 0);
  return chain.filter(({ cause }) => cause).sort((a, b) => rank(a) - rank(b));
}

type Step = Pick<GraphEdge, "to" | "strength">;

/** Whether a requirement is there, as it has to be. */
function isMet(
  { condition }: Pick<Requirement, "condition">,
  { state, exitCode }: Pick<NodeFinding, "state" | "exitCode">,
): boolean {
  switch (condition) {
    case "healthy":
      return state === "ready";
    case "started":
      return state === "ready" || state === "starting" || state === "unhealthy";
    case "completed":
      return state === "stopped" && exitCode === 0;
  }
}

/**
 * The nodes that a service's answer speaks of: it, what it requires, what that requires by hard
 * edges, and so on.
 */
export function reachedFrom(graph: Graph, service: string): Set<string> {
  const needs = requirementsOf(graph);
  const reached = new Set([service, ...(needs.get(service) ?? []).map(({ to }) => to)]);
  // A set goes on to what is added to it meanwhile.
  for (const id of reached) {
    for (const { to, strength } of needs.get(id) ?? []) if (strength === "hard") reached.add(to);
  }
  return reached;
}
