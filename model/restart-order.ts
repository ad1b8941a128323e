import { findCycle, hostOf, requirementsOf, type Graph } from "./graph.ts";

/**
 * The order in which a person brings things back after everything went down, one after another:
 * the urgent ones in the given order, each preceded by whatever it needs, then the rest in the
 * order in which hosts and services are declared, which is that of the documented phases.
 * @param graph of all hosts; gates are looked at and not started, so they are left out
 * @param first ids of the urgent services, most urgent first; unknown ones are passed over
 * @throws Error when the graph has a cycle; `validate` reports it before anyone comes here
 */
export function restartOrder(graph: Graph, first: readonly string[]): string[] {
  const cycle = findCycle(graph);
  if (cycle) throw new Error(`the graph has a cycle: ${cycle.join(" -> ")}`);
  const needs = requirementsOf(graph);
  const started = new Set<string>();
  const start = (id: string, waitsForSoft: (on: string) => boolean): void => {
    if (started.has(id) || !graph.nodes.has(id)) return;
    for (const edge of needs.get(id) ?? []) {
      if (edge.strength === "hard" || waitsForSoft(edge.to)) start(edge.to, waitsForSoft);
    }
    started.add(id);
  };
  // What is only soft does not hold an urgent one up, unless it is urgent itself.
  const urgent = new Set(first);
  for (const id of first) start(id, (on) => urgent.has(on));
  for (const id of graph.nodes.keys()) start(id, () => true);
  return [...started].filter((id) => graph.nodes.get(id)?.kind === "service");
}

/**
 * The order in which whole hosts are brought back: each when its first service comes, after the
 * hosts of which its services need anything.
 * @param order services of all hosts, see restartOrder
 */
export function hostsInOrder(graph: Graph, order: readonly string[]): string[] {
  const sorted = new Set<string>();
  const begun = new Set<string>();
  const add = (host: string): void => {
    if (begun.has(host)) return;
    begun.add(host);
    for (const { from, to } of graph.edges) if (hostOf(from) === host) add(hostOf(to));
    sorted.add(host);
  };
  for (const id of order) add(hostOf(id));
  return [...sorted];
}
