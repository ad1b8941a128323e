// Services and gates of all hosts as one list, each with what is known of it and what is sick below it.
import {
  chainOf,
  type Linked,
  type Needs,
  type NodeFinding,
  type NodeState,
} from "../../../model/cause-chain.ts";
import { requirementsOf, type Graph as Ways } from "../../../model/graph.ts";
import { isKnown } from "../../contract/fitness.ts";
import type { Graph, State } from "../../contract/page-api.ts";
import type { HostWorld, ServiceWorld } from "../../contract/world.ts";
import type { Condition, Knowledge } from "./tone.ts";
import { gateCondition, hostCondition, serviceCondition } from "./tones.ts";
import { WORDS } from "../words.ts";

/** A service or a gate. */
export interface Node extends Condition {
  /** "nas/jellyfin", or "nas/gate:media". */
  readonly id: string;
  readonly host: string;
  /** Name on its host; for a gate "gate:media". */
  readonly name: string;
  readonly category: string;
  readonly kind: "service" | "gate";
  /** When it came into its state; null where nobody ever said. */
  readonly since: string | null;
  /** When that was last said. */
  readonly at: string | null;
  readonly service: ServiceWorld | null;
  readonly finding: NodeFinding;
  /** How many of what it needs are sick. */
  readonly sickBelow: number;
}

/** All of it, with what needs what. */
export interface Nodes {
  readonly all: readonly Node[];
  readonly byId: ReadonlyMap<string, Node>;
  readonly ways: Ways;
  readonly findingOf: (id: string) => NodeFinding;
}

const GATE = "gate:";

/** @param graph null until it has come: states are known before it */
export function nodesOf(state: State, graph: Graph | null, knowledge: Knowledge): Nodes {
  const worlds = new Map(state.hosts.map((world) => [world.host, world]));
  const mourned = new Set(state.incidents.flatMap(({ cause, affected }) => [cause, ...affected]));
  const drafts = new Map<string, Omit<Node, "sickBelow">>();
  const categories = new Map(graph?.nodes.map(({ id, category }) => [id, category]));
  const add = (host: string, name: string): void => {
    const id = `${host}/${name}`;
    if (drafts.has(id)) return;
    const category = categories.get(id) ?? WORDS.noCategory;
    drafts.set(id, {
      id,
      host,
      name,
      category,
      ...seen(id, name, worlds.get(host), knowledge, mourned),
    });
  };
  for (const { host, services, gates } of state.hosts) {
    for (const name of Object.keys(services)) add(host, name);
    for (const name of Object.keys(gates)) add(host, `${GATE}${name}`);
  }
  for (const { host, service } of graph?.nodes ?? []) add(host, service);
  const ways = waysOf([...drafts.values()], graph);
  const findingOf = (id: string): NodeFinding =>
    drafts.get(id)?.finding ?? hostFinding(id, worlds.get(id), knowledge);
  const needs = requirementsOf(ways);
  const all = [...drafts.values()]
    .map((draft): Node => ({ ...draft, sickBelow: sickBelow(draft.id, needs, drafts) }))
    .sort((a, b) => a.id.localeCompare(b.id));
  return { all, byId: new Map(all.map((node) => [node.id, node])), ways, findingOf };
}

/** The way from a service to where it begins that it is not well; nothing when it is. */
export function wayToCause({ byId, ways, findingOf }: Nodes, id: string): Linked<NodeFinding>[] {
  const node = byId.get(id);
  if (!node || node.tone === "good" || node.tone === "idle") return [];
  const chain = chainOf(requirementsOf(ways), id, findingOf);
  return chain.some(({ cause }) => cause) ? chain : [];
}

function seen(
  id: string,
  name: string,
  world: HostWorld | undefined,
  knowledge: Knowledge,
  mourned: ReadonlySet<string>,
): Pick<Node, "kind" | "tone" | "word" | "since" | "at" | "service" | "finding"> {
  const kind = name.startsWith(GATE) ? "gate" : "service";
  const nobodyKnows = {
    kind,
    tone: "unknown",
    word: WORDS.neverSeen,
    since: null,
    at: null,
    service: null,
    finding: { id, state: "unknown", exitCode: null },
  } as const;
  if (!world) return nobodyKnows;
  if (kind === "gate") {
    const gate = owned(world.gates, name.slice(GATE.length));
    if (!gate) return nobodyKnows;
    const condition = gateCondition(world, gate.state, knowledge);
    const state = gate.state === "open" ? "ready" : gate.state === "closed" ? "closed" : "unknown";
    const finding = { id, state: sure(condition, state), exitCode: null };
    return { kind, ...condition, since: gate.since, at: gate.at, service: null, finding };
  }
  const service = owned(world.services, name);
  if (!service) return nobodyKnows;
  const condition = serviceCondition(world, service, knowledge, mourned.has(id));
  const exitCode = service.container?.exitCode ?? null;
  const finding = { id, state: sure(condition, FINDINGS[service.state]), exitCode };
  return { kind, ...condition, since: service.since, at: service.at, service, finding };
}

function sure({ tone }: Condition, state: NodeState): NodeState {
  return tone === "unknown" ? "unknown" : state;
}

const FINDINGS: Readonly<Record<ServiceWorld["state"], NodeState>> = {
  healthy: "ready",
  running: "ready",
  starting: "starting",
  unhealthy: "unhealthy",
  created: "stopped",
  exited: "stopped",
  paused: "stopped",
  restarting: "stopped",
  missing: "missing",
  unknown: "unknown",
  unreachable: "unknown",
};

/** A host as the beginning of a way: what is on it waits for it. */
function hostFinding(id: string, world: HostWorld | undefined, knowledge: Knowledge): NodeFinding {
  const isReady = world !== undefined && isKnown(world) && knowledge.old === null;
  const isAway = world !== undefined && hostCondition(world, knowledge).tone === "bad";
  return { id, state: isReady ? "ready" : isAway ? "away" : "unknown", exitCode: null };
}

function waysOf(drafts: readonly Omit<Node, "sickBelow">[], graph: Graph | null): Ways {
  const nodes = drafts.map(({ id, host, kind }) => [id, { id, host, kind, phase: 0 }] as const);
  const edges = (graph?.edges ?? []).map(({ why, ...edge }) => ({
    ...edge,
    ...(why === null ? {} : { why }),
  }));
  return { nodes: new Map(nodes), edges };
}

/** What it could do without counts only where it needs that itself. */
function sickBelow(
  id: string,
  needs: Needs,
  drafts: ReadonlyMap<string, Pick<Node, "tone">>,
): number {
  const below = new Set((needs.get(id) ?? []).map(({ to }) => to));
  // A set goes on to what is added to it meanwhile.
  for (const each of below) {
    for (const { to, strength } of needs.get(each) ?? []) if (strength === "hard") below.add(to);
  }
  return [...below].filter((each) => each !== id && drafts.get(each)?.tone === "bad").length;
}

function owned<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
