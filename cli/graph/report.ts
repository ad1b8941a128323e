import type { HostDeclaration } from "../../model/declaration.ts";
import { UserError } from "../../model/errors.ts";
import {
  buildGraph,
  dependentsOf,
  hostOf,
  requirementsOf,
  type Graph,
  type GraphEdge,
} from "../../model/graph.ts";
import { breakageWithout, criticalPath, topologicalLevels } from "../../model/orders.ts";
import type { HostName } from "../../model/host-names.ts";
import { documentedRestart } from "../../household/documented-restart.ts";
import { ESSENTIALS } from "../../household/restart.plan.ts";

/** What the graph says about one host or all of them. */
export interface GraphReport {
  /** The host, or "all". */
  readonly of: HostName | "all";
  /** Nodes that can start together, after all levels before theirs. */
  readonly levels: readonly (readonly string[])[];
  readonly edges: readonly GraphEdge[];
  /** The longest chain of nodes that wait for each other. */
  readonly criticalPath: readonly string[];
  /** The least that has to run, most important first; empty where a host has none of it. */
  readonly essentials: readonly string[];
  /** One after another, after everything went down. */
  readonly restartOrder: readonly string[];
  /** By node that others need: who cannot run, and who suffers, without it. */
  readonly breakage: Readonly<
    Record<string, { broken: readonly string[]; degraded: readonly string[] }>
  >;
}

/** Reads a graph; edges to other hosts are named, and their nodes are not. */
export function graphReport(hosts: readonly HostDeclaration[], of: HostName | "all"): GraphReport {
  const all = buildGraph(hosts);
  const own = of === "all" ? all : buildGraph(hosts.filter((host) => host.host === of));
  const dependents = dependentsOf(all);
  const breakage = [...own.nodes.keys()].flatMap((id) => {
    const found = breakageWithout(all, id, dependents);
    return found.broken.length + found.degraded.length === 0 ? [] : [[id, found] as const];
  });
  return {
    of,
    levels: topologicalLevels(own),
    edges: all.edges.filter((edge) => own.nodes.has(edge.from)),
    // Nobody knows yet how long each takes, so every node counts the same.
    criticalPath: criticalPath(own, () => 1).path,
    essentials: ESSENTIALS.filter((id) => own.nodes.has(id)),
    restartOrder: documentedRestart(own, hosts),
    breakage: Object.fromEntries(breakage),
  };
}

/**
 * The node that a person means by "mosquitto", "gate:nas-media" or "nas/restic-rest".
 * @throws UserError HL-USAGE when there is none, or when several hosts have one
 */
export function nodeNamed(graph: Graph, of: HostName | "all", text: string): string {
  const ids = [...graph.nodes.keys()];
  const found = text.includes("/")
    ? ids.filter((id) => id === text)
    : ids.filter((id) => id.endsWith(`/${text}`) && (of === "all" || id.startsWith(`${of}/`)));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const where = of === "all" ? "any host" : of;
  throw new UserError(
    "HL-USAGE",
    found.length > 1
      ? `"${text}" is on several hosts; say which: ${found.join(", ")}`
      : `"${text}" is no service or gate of ${where}; \`npx homelab graph ${of}\` lists them`,
  );
}

/** What each node needs directly, e.g. "mosquitto (healthy)", "nas/restic-rest (healthy, soft)". */
export function needsOf(report: GraphReport): Map<string, string[]> {
  const graph: Graph = {
    nodes: new Map(report.levels.flat().map((id) => [id, nodeOf(id)])),
    edges: report.edges,
  };
  return new Map(
    [...requirementsOf(graph)].map(([id, edges]) => [
      id,
      edges.map((edge) => {
        const soft = edge.strength === "soft" ? ", soft" : "";
        const condition = edge.to.includes("gate:") ? "open" : edge.condition;
        return `${shortName(edge.to, hostOf(id))} (${condition}${soft})`;
      }),
    ]),
  );
}

/** The id without its host where that is the given one. */
export function shortName(id: string, host: string): string {
  return id.startsWith(`${host}/`) ? id.slice(host.length + 1) : id;
}

function nodeOf(id: string) {
  const kind = id.includes("/gate:") ? ("gate" as const) : ("service" as const);
  return { id, host: hostOf(id), kind, phase: 0 };
}
