import type { HostDeclaration, Requirement } from "./declaration.ts";

/** A node: a service ("docker-vm/grafana") or a gate ("docker-vm/gate:nas-media"). */
export interface GraphNode {
  /** Scoped by host, because names repeat between hosts. */
  readonly id: string;
  readonly host: string;
  readonly kind: "service" | "gate";
  /** Documented phase; 0 for gates. */
  readonly phase: number;
}

/** An edge: `from` needs `to`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly condition: Requirement["condition"];
  readonly strength: Requirement["strength"];
  readonly why?: string;
}

/** Services and gates with what they need. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: readonly GraphEdge[];
}

/** What leads from node to node of a graph, whatever its nodes are. */
interface Ways<Edge extends Pick<GraphEdge, "from" | "to">> {
  readonly nodes: ReadonlyMap<string, unknown>;
  readonly edges: readonly Edge[];
}

/** The node a requirement of a service on `host` points at. */
export function requirementTarget(host: string, on: string): string {
  return on.includes("/") ? on : `${host}/${on}`;
}

/** The graph of all given hosts. Edges to hosts that are not given are left out. */
export function buildGraph(hosts: readonly HostDeclaration[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const given = new Set<string>(hosts.map((host) => host.host));
  for (const { host, gates, services } of hosts) {
    for (const gate of gates) {
      const id = `${host}/gate:${gate.name}`;
      nodes.set(id, { id, host, kind: "gate", phase: 0 });
    }
    for (const service of services) {
      const id = `${host}/${service.name}`;
      nodes.set(id, { id, host, kind: "service", phase: service.phase });
      for (const requirement of service.requires ?? []) {
        const to = requirementTarget(host, requirement.on);
        if (!given.has(hostOf(to))) continue;
        edges.push({
          from: id,
          to,
          condition: requirement.condition,
          strength: requirement.strength,
          ...(requirement.why === undefined ? {} : { why: requirement.why }),
        });
      }
    }
  }
  return { nodes, edges };
}

/** What each node needs directly. */
export function requirementsOf(graph: Graph): Map<string, GraphEdge[]> {
  return groupEdges(graph, (edge) => edge.from);
}

/** What needs each node directly. */
export function dependentsOf(graph: Graph): Map<string, GraphEdge[]> {
  return groupEdges(graph, (edge) => edge.to);
}

function groupEdges<Edge extends Pick<GraphEdge, "from" | "to">>(
  graph: Ways<Edge>,
  key: (edge: Edge) => string,
): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>([...graph.nodes.keys()].map((id) => [id, []]));
  for (const edge of graph.edges) groups.get(key(edge))?.push(edge);
  return groups;
}

/**
 * A cycle as the path that closes it, first node repeated at the end, or undefined when the
 * graph has none. Soft edges count: what waits for each other, even briefly, is a mistake.
 */
export function findCycle(graph: Ways<Pick<GraphEdge, "from" | "to">>): string[] | undefined {
  const needs = groupEdges(graph, (edge) => edge.from);
  const state = new Map<string, "open" | "done">();
  for (const start of graph.nodes.keys()) {
    if (state.has(start)) continue;
    const stack: { id: string; next: number }[] = [{ id: start, next: 0 }];
    state.set(start, "open");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = needs.get(top.id)?.[top.next++];
      if (!edge) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(edge.to) === "open") {
        const path = stack.map((entry) => entry.id);
        return [...path.slice(path.indexOf(edge.to)), edge.to];
      } else if (graph.nodes.has(edge.to) && !state.has(edge.to)) {
        state.set(edge.to, "open");
        stack.push({ id: edge.to, next: 0 });
      }
    }
  }
  return undefined;
}

/** The host that a node is on. Of a host's own name, the name. */
export function hostOf(id: string): string {
  return id.split("/", 1)[0] ?? id;
}
